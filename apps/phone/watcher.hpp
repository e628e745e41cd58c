#pragma once
// The keyboard and the signals, watched by a thread beside the calls.

#include <functional>
#include <string_view>
#include <termios.h>
#include <thread>

namespace phone {

/// From now on, and for all threads that are started later, signals that end a program are for a
/// `Watcher`. To be called before there are threads.
void keepSignals();

/// Waits for signals and input. A resource; its functions are called on its thread.
class Watcher {
 public:
  /// `onInput` is called with what was read from the standard input, and with nothing at its end;
  /// if it is null, nothing is read.
  Watcher(std::function<void()> onSignal, std::function<void(std::string_view)> onInput);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 private:
  void watch();

  std::function<void()> onSignal_;
  std::function<void(std::string_view)> onInput_;
  int signals_;
  int end_;
  std::thread thread_;
};

/// A terminal that gives keys as they are pressed and does not show them. Put back at the end;
/// does nothing if the standard input is no terminal.
class RawTerminal {
 public:
  RawTerminal();
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

  [[nodiscard]] bool isTerminal() const noexcept { return isTerminal_; }

 private:
  bool isTerminal_;
  termios before_{};
};

}  // namespace phone
