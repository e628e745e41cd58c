#include "ivr/core/executor.hpp"

namespace ivr {

std::unique_ptr<ThreadLoan> Executor::lend(std::function<void()>) { return nullptr; }

}  // namespace ivr
