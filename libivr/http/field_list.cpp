#include "ivr/http/field_list.hpp"

#include <algorithm>

namespace ivr::http {

FieldList::FieldList(std::initializer_list<Field> fields) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : fields) bytes += name.size() + value.size();
  reserve(fields.size(), bytes);
  for (const auto& [name, value] : fields) add(name, value);
}

void FieldList::reserve(std::size_t fields, std::size_t bytes) {
  ends_.reserve(ends_.size() + fields);
  text_.reserve(text_.size() + bytes);
}

void FieldList::add(std::string_view name, std::string_view value) {
  const std::size_t nameEnd = text_.size() + name.size();
  const std::size_t end = nameEnd + value.size();
  ends_.push_back({nameEnd, end});
  if (end >
      text_.capacity()) {  // both may be views of this text, which stays until they are copied
    std::string larger;
    larger.reserve(std::max(end, 2 * text_.capacity()));
    larger.append(text_).append(name).append(value);
    text_.swap(larger);
  } else {
    text_.append(name).append(value);
  }
}

}  // namespace ivr::http
