#include "server/mailbox.hpp"

#include "ivr/core/error.hpp"

#include <sys/eventfd.h>
#include <utility>

namespace ivr::server {

Mailbox::Mailbox() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!descriptor_.isOpen()) throw Error{ErrorKind::unavailable, "no descriptor for a worker"};
}

void Mailbox::post(Mail mail) {
  const std::lock_guard lock{mutex_};
  if (isClosed_) return;
  mail_.push_back(std::move(mail));
  if (std::exchange(isAsleep_, false)) wake();
}

void Mailbox::take(std::vector<Mail>& mail) {
  const std::lock_guard lock{mutex_};
  isAsleep_ = false;
  mail_.swap(mail);  // two buffers by turns
}

bool Mailbox::sleep() {
  const std::lock_guard lock{mutex_};
  if (!mail_.empty()) return false;
  isAsleep_ = true;
  return true;
}

void Mailbox::wake() { ::eventfd_write(descriptor(), 1); }

void Mailbox::close() {
  std::vector<Mail> dropped;  // destroyed outside the lock
  const std::lock_guard lock{mutex_};
  isClosed_ = true;
  dropped.swap(mail_);
}

}  // namespace ivr::server
