// Makes the fingerprints of a folder of audio; timed by the script benchmarks/fingerprint_folder.

#include "audio/audio_folder.hpp"

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: fingerprint_folder FOLDER\n";
    return 2;
  }
  try {
    const ivr::audio::AudioFolder folder{argv[1]};
    std::cout << "read " << folder.root().string() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "fingerprint_folder: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
