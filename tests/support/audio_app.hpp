#pragma once
// Shared by the tests of audio in an application.

#include "audio/fingerprint.hpp"
#include "support/app.hpp"
#include "support/links.hpp"
#include "support/temp_folder.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace ivr::support {

inline constexpr const char* kForever = "public, max-age=31536000, immutable";

/// An application with one state, for its links, and with audio.
struct AudioApp {
  Ivr ivr;
  Links links{ivr};

  explicit AudioApp(AudioOptions options, Config config = openConfig()) : ivr(std::move(config)) {
    ivr.serveAudio(std::move(options));
  }
  Response answer(Request request) { return ivr.handle(std::move(request)).get(); }
  int statusOf(std::string target) { return answer(get(std::move(target))).status; }
};

/// A folder with a file, a file in a folder, and a file outside of it.
class Audio : public testing::Test {
 protected:
  Audio() {
    temp.write("audio/lunch.mp3", "lunch");
    temp.write("audio/menu/soup.wav", "soup");
    temp.write("outside.mp3", "outside");
  }

  [[nodiscard]] AudioOptions folderAt(std::string mountPath) const {
    return {.folder = temp.path() / "audio", .mountPath = std::move(mountPath)};
  }

  TempFolder temp;
  const std::string lunchPrint = audio::fingerprintOf("lunch");
  const std::string lunchLink = "/static/lunch.mp3?v=" + lunchPrint;
};

inline std::string errorOf(const std::function<void()>& act, ErrorKind kind) {
  try {
    act();
  } catch (const Error& error) {
    return error.kind() == kind ? error.what() : "another kind of error";
  }
  return "no error";
}

}  // namespace ivr::support
