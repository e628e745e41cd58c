#include "ivr/app/ivr.hpp"

#include "app/application.hpp"
#include "app/runtime.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

namespace ivr {

class Ivr::Impl {
 public:
  explicit Impl(Config config) : runtime_(std::move(config)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { runtime_.end(); }  // after that, nothing touches the application

  Runtime& runtime() noexcept { return runtime_; }
  const Runtime& runtime() const noexcept { return runtime_; }

  Plan& plan(const char* member) {
    if (isMounted_) {
      throw Error{ErrorKind::usage,
                  std::string{member} + " was called after the application was mounted"};
    }
    return plan_;
  }

  Application& application() {
    if (!isMounted_.load(std::memory_order_acquire)) mount();
    return *application_;
  }

  void mount() {
    const std::lock_guard lock{mutex_};
    if (isMounted_) return;
    application_.emplace(runtime_, plan_);
    isMounted_.store(true, std::memory_order_release);
    for (const auto& flow : plan_.flows) flow->watch();
  }

  Activity activity() {
    Activity activity{.tasks = runtime_.tasks()->underWay(),
                      .requests = runtime_.requestsUnderWay()};
    if (!isMounted_) return activity;
    application_->steps().addTo(activity);
    activity.detached = application_->calls()->detached();
    return activity;
  }

  void holdNobody() {
    if (isMounted_) application_->steps().holdNobody();
  }

  void giveUp(bool callersCanComeBack) {
    if (!isMounted_) return;
    application_->steps().giveUp(callersCanComeBack);
    application_->calls()->giveUpDetached(std::make_exception_ptr(
        Error{ErrorKind::unavailable, "given up, because the application stops"}));
  }

 private:
  Runtime runtime_;
  Plan plan_;
  std::mutex mutex_;
  std::atomic<bool> isMounted_{false};
  std::optional<Application> application_;
};

Ivr::Ivr(Config config) : impl_(std::make_unique<Impl>(std::move(config))) {}
Ivr::~Ivr() = default;

void Ivr::addEntry(detail::StateEntry entry) {
  Plan& plan = impl_->plan("add");
  const std::string name = entry.name;
  if (!plan.states.add(std::move(entry))) {
    plan.problems.push_back("the state " + name + " was added twice");
  }
}

void Ivr::add(std::string path, std::shared_ptr<StepTarget> target) {
  if (!target) throw Error{ErrorKind::usage, "a null target was added"};
  impl_->plan("add").targets.emplace_back(std::move(path), std::move(target));
}

std::shared_ptr<flow::detail::FlowBackend> Ivr::addFlow(flow::detail::AddedFlow flow) {
  Plan& plan = impl_->plan("add");
  if (flow.name.empty()) flow.name = flow.store.options.name;
  auto service = std::make_shared<flow::FlowService>(std::move(flow));
  plan.flows.push_back(service);
  return service;
}

void Ivr::serveAudio(AudioOptions options) {
  Plan& plan = impl_->plan("serveAudio");
  if (plan.audio) plan.problems.emplace_back("serveAudio was called twice");
  plan.audio = std::move(options);
}

void Ivr::route(std::string method, std::string path, Access access, http::Handler handler) {
  Plan& plan = impl_->plan("route");
  const std::string name = method + ' ' + path;
  auto& methods = plan.routes[std::move(path)].methods;
  auto shared = std::make_shared<const http::Handler>(std::move(handler));
  if (!methods.try_emplace(std::move(method), OwnRoute::Method{access, std::move(shared)}).second) {
    plan.problems.push_back("the route " + name + " was added twice");
  }
}

void Ivr::fallback(http::Handler handler) {
  impl_->plan("fallback").fallback = std::make_shared<const http::Handler>(std::move(handler));
}

void Ivr::mount() { impl_->mount(); }

Later<Response> Ivr::handle(Request request) {
  return impl_->application().router().handle(std::move(request));
}

http::Handler Ivr::handler() {
  return [&router = impl_->application().router()](Request request) {
    return router.handle(std::move(request));
  };
}

Calls Ivr::calls() { return Calls{impl_->application().calls()}; }
session::Locks Ivr::locks() { return impl_->application().calls()->locks(); }
rest::Client& Ivr::rest() { return impl_->runtime().rest(); }
Activity Ivr::activity() const { return impl_->activity(); }
void Ivr::holdNobody() { impl_->holdNobody(); }
void Ivr::giveUp(bool callersCanComeBack) { impl_->giveUp(callersCanComeBack); }
const Config& Ivr::config() const noexcept { return impl_->runtime().config(); }
Executor* Ivr::borrower() const noexcept { return &impl_->runtime().executor(); }

}  // namespace ivr
