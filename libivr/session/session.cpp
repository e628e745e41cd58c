#include "ivr/session/session.hpp"

#include "core/utf8.hpp"
#include "ivr/http/percent.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace ivr::session {

using nlohmann::json;

class Session::Impl {
 public:
  explicit Impl(std::string text) : text_(std::move(text)), isRead_(text_.empty()) {}

  /// Parsed when needed: most steps need nothing.
  json& values() {
    if (isRead_) return values_;
    json values = json::parse(text_, nullptr, false);
    if (!values.is_object()) {
      throw Error{ErrorKind::usage, "what was saved of a session is not a session"};
    }
    values_ = std::move(values);
    isRead_ = true;
    return values_;
  }

  void* held(const void* type) const {
    for (const Object& object : objects_) {
      if (object.type == type) return object.value.get();
    }
    return nullptr;
  }

  void hold(const void* type, std::string_view name, std::shared_ptr<void> value, Writer write) {
    objects_.push_back({type, std::string{name}, std::move(value), std::move(write)});
  }

  void erase(std::string_view name) {
    values().erase(std::string{name});
    std::erase_if(objects_, [name](const Object& object) { return object.name == name; });
  }

  std::string text() {
    if (!isRead_) return text_;
    for (const Object& object : objects_) object.write(values_[object.name]);
    if (values_.empty()) return {};
    return values_.dump(-1, ' ', false, json::error_handler_t::replace);
  }

 private:
  struct Object {
    const void* type;
    std::string name;
    std::shared_ptr<void> value;
    Writer write;
  };

  std::string text_;
  bool isRead_;
  json values_ = json::object();
  std::vector<Object> objects_;
};

Session::Session(std::string text) : impl_(std::make_unique<Impl>(std::move(text))) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

std::optional<std::string> Session::find(std::string_view name) const {
  const json& values = impl_->values();
  const auto found = values.find(name);
  if (found == values.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

void Session::set(std::string_view name, std::string_view value) {
  if (!isUtf8(name) || !isUtf8(value)) {
    throw Error{ErrorKind::usage, "a session holds only texts in UTF-8"};
  }
  impl_->erase(name);
  impl_->values()[std::string{name}] = value;
}

void Session::erase(std::string_view name) { impl_->erase(name); }

void Session::clear() { *this = Session{}; }

std::string Session::text() const { return impl_->text(); }

void* Session::heldObject(const void* type) const { return impl_->held(type); }

const json* Session::savedObject(std::string_view name) const {
  const json& values = impl_->values();
  const auto found = values.find(name);
  return found == values.end() ? nullptr : &*found;
}

void Session::holdObject(const void* type, std::string_view name, std::shared_ptr<void> object,
                         Writer write) {
  impl_->hold(type, name, std::move(object), std::move(write));
}

void Session::throwMisfit(std::string_view name, const std::exception& error) {
  throw Error{ErrorKind::usage, "what a session holds as " + std::string{name} +
                                    " does not fit that type: " + error.what()};
}

}  // namespace ivr::session
