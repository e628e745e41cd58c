#include "ivr/state/state.hpp"

#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <typeinfo>

namespace ivr {

Next to(const State& state) noexcept {
  return Next{&state, [](const void* object) { return static_cast<const State*>(object)->name(); }};
}

std::string State::name() const {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled{
      abi::__cxa_demangle(typeid(*this).name(), nullptr, nullptr, &status), &std::free};
  std::string name = status == 0 ? demangled.get() : typeid(*this).name();
  const std::size_t colon = name.rfind("::", name.find('<'));  // not those of template arguments
  return colon == std::string::npos ? name : name.substr(colon + 2);
}

}  // namespace ivr
