#pragma once
// What a line under test and its telephones share.

#include "ivr/app/ivr.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"
#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/provider.hpp"
#include "ivr/session/session.hpp"
#include "ivr/test/line.hpp"
#include "ivr/test/phone.hpp"
#include "test/app_log.hpp"
#include "test/outside.hpp"
#include "test/turns.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::test {

/// One telephone.
class Handset {
 public:
  std::string number = {};
  std::string sid = {};      ///< Of its only call; empty for one that may be called.
  std::size_t actBegan = 0;  ///< How long the timeline was when its last act began.
};

/// Where a call is, as a part of a sentence: `asked`, `over`.
[[nodiscard]] std::string placeOf(const phone::CallView& call);

/// A resource. Threads: that of the line.
class LineCore {
 public:
  using Where = std::source_location;

  LineCore(Line::Application application, LineOptions options);
  LineCore(const LineCore&) = delete;
  LineCore& operator=(const LineCore&) = delete;
  ~LineCore();

  /// The application ends; phones can do nothing from now on.
  void end() noexcept;
  void restart();

  // Acts. Each reports what goes wrong as a failure of the test at `where`.

  struct Act {
    std::string name = {};  ///< `press("1")`
    /// Does it; false if it makes no sense.
    std::function<bool(const std::string& sid)> run = [](const std::string&) { return true; };
    bool untilSomethingHappens = false;  ///< Even if nobody is asked anything.
    bool untilTheEnd = false;
  };
  std::shared_ptr<Handset> call(std::string_view path, const CallOptions& options,
                                const Where& where);
  void perform(Handset& handset, const Act& act, const Where& where);
  /// Lets time pass until it rings; false if it never does.
  bool awaitRinging(Handset& handset, const std::string& act, const Where& where);
  /// `handset` is null if time passes for nobody in particular.
  void wait(Handset* handset, std::chrono::milliseconds duration, const Where& where);

  /// Lets time pass until `isDone`; throws `Error{timeout}` if that does not come to pass.
  void awaitThat(const std::function<bool()>& isDone);

  // What there is.

  [[nodiscard]] std::shared_ptr<Handset> handset(std::string_view number);
  /// The SID of its newest call; empty if there is none.
  [[nodiscard]] std::string sidOf(const Handset& handset) const;
  [[nodiscard]] std::string story(const Handset& handset) const;

  /// The texts of entries of its call, from a place in the timeline on.
  [[nodiscard]] std::vector<std::string> texts(const Handset& handset, std::size_t from,
                                               bool (*isWanted)(phone::Happening)) const;

  [[nodiscard]] Session session(const std::string& sid) const;

  [[nodiscard]] phone::EventLoop& loop() noexcept { return *loop_; }
  /// Throws `Error{usage}` when the line has ended, as `ivr` does.
  [[nodiscard]] phone::Provider& provider() const;
  [[nodiscard]] Ivr& ivr() const;
  [[nodiscard]] const AppLog& log() const noexcept { return log_; }
  [[nodiscard]] std::vector<Redirected> redirected() const { return outside_->redirected(); }

  /// The absolute form of a path of the application.
  [[nodiscard]] std::string addressOf(std::string_view path) const;

 private:
  /// Where a call is.
  struct Stand {
    std::string sid = {};
    phone::Activity activity = phone::Activity::ringing;
    std::size_t turn = 0;
  };

  /// Documents in a row between which no time passed.
  struct Documents {
    phone::Moment at{};
    std::size_t count = 0;
  };

  [[nodiscard]] Config makeConfig();
  void start();
  void noteEntry(const phone::Entry& entry);
  Later<Response> toApplication(Request request);
  Later<Response> handle(Request request);

  /// Nothing if it has no call.
  [[nodiscard]] std::optional<Stand> standOf(const Handset& handset) const;
  [[nodiscard]] static bool isNext(const Stand& stand, const Stand& before, const Act& act);

  /// Runs for as long as `limit`, or until `isDone`. Nothing, and a failure, if it cannot go on.
  std::optional<phone::EventLoop::Stop> run(const Handset* handset, const std::string& act,
                                            const std::function<bool()>& isDone,
                                            std::chrono::milliseconds limit, const Where& where);
  /// The same, where not to come to that is a failure: false.
  bool runUntil(const Handset& handset, const std::string& act, const std::function<bool()>& isDone,
                const Where& where);
  /// Lets that time pass, whatever happens.
  void pass(const Handset* handset, const std::string& act, std::chrono::milliseconds duration,
            const Where& where);
  void settle(const Handset& handset, const Stand& before, const Act& act, const Where& where);
  void fail(const Handset* handset, const std::string& why, const Where& where) const;

  const LineOptions options_;
  const Line::Application application_;
  const AppLog log_;
  const std::shared_ptr<phone::EventLoop> loop_;
  const std::shared_ptr<Turns> turns_;

  // From the settings of the first application.
  std::string publicUrl_;
  std::string origin_;
  std::string prefix_;  ///< The path of the public URL, which a proxy removes.

  std::map<std::string, Documents, std::less<>> documents_;  // by call
  std::map<std::string, std::string, std::less<>> newest_;   // calls, by number called
  std::map<std::string, std::shared_ptr<Handset>, std::less<>> handsets_;  // by number
  std::string endless_;  ///< A call that gets documents without end.

  std::unique_ptr<phone::Provider> provider_;
  std::shared_ptr<Outside> outside_;
  std::unique_ptr<Ivr> ivr_;
  bool mustRestart_ = false;  ///< Before the next request.
  bool isOver_ = false;
};

}  // namespace ivr::test
