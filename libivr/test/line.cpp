#include "ivr/test/line.hpp"

#include "test/line_core.hpp"

#include <ostream>
#include <utility>

namespace ivr::test {

std::ostream& operator<<(std::ostream& out, const Redirected& move) {
  return out << move.sid << " to " << move.address;
}

Line::Line(Application application, LineOptions options)
    : core_(std::make_shared<LineCore>(std::move(application), std::move(options))) {}

Line::~Line() { core_->end(); }

Phone Line::call(std::string_view path, const CallOptions& options, Where where) {
  return Phone{core_, core_->call(path, options, where)};
}

Phone Line::phone(std::string_view number) { return Phone{core_, core_->handset(number)}; }

void Line::setTelephone(std::string_view number, phone::Telephone telephone) {
  core_->provider().setTelephone(std::string{number}, telephone);
}

void Line::wait(std::chrono::milliseconds duration, Where where) {
  core_->wait(nullptr, duration, where);
}

void Line::runUntil(const std::function<bool()>& isDone) { core_->awaitThat(isDone); }

phone::EventLoop::Work Line::hold(std::string name) { return core_->loop().work(std::move(name)); }

void Line::restart() { core_->restart(); }

std::vector<phone::CallView> Line::calls() const { return core_->provider().calls(); }

std::vector<phone::SentMessage> Line::messages() const { return core_->provider().messages(); }

std::vector<std::string> Line::dialled() const {
  std::vector<std::string> numbers;
  for (const phone::Entry& entry : timeline()) {
    if (entry.what == phone::Happening::called && entry.detail("direction") != "inbound") {
      numbers.emplace_back(entry.detail("to"));
    }
  }
  return numbers;
}

std::vector<Redirected> Line::redirected() const { return core_->redirected(); }

phone::Timeline Line::webhooks() const {
  phone::Timeline webhooks;
  for (const phone::Entry& entry : timeline()) {
    if (entry.what == phone::Happening::webhook) webhooks.push_back(entry);
  }
  return webhooks;
}

const phone::Timeline& Line::timeline() const { return core_->provider().timeline(); }

std::string Line::log() const { return core_->log().text(); }

phone::Moment Line::now() const { return core_->loop().now(); }

Ivr& Line::ivr() { return core_->ivr(); }

phone::Provider& Line::provider() { return core_->provider(); }

}  // namespace ivr::test
