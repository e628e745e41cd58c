#pragma once
// Names with values, in order: what forms and headers are made of.

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::http {

/// Fields one behind the other in one text, so that many cost no more memory than a few. A value.
///
/// Views of its fields are valid until it changes, is moved or ends.
class FieldList {
 public:
  /// Name and value.
  using Field = std::pair<std::string_view, std::string_view>;

  /// Where a field ends in the text. It begins where the one before it ends.
  struct Ends {
    std::size_t name = 0;
    std::size_t value = 0;
    friend bool operator==(const Ends&, const Ends&) = default;
  };

  class Iterator {
   public:
    using iterator_concept = std::forward_iterator_tag;
    using iterator_category = std::input_iterator_tag;
    using value_type = Field;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Field;

    Iterator() = default;
    Iterator(const char* begin, const char* text, const Ends* ends) noexcept
        : begin_(begin), text_(text), ends_(ends) {}

    [[nodiscard]] Field operator*() const noexcept {
      const char* const middle = text_ + ends_->name;
      return {std::string_view{begin_, static_cast<std::size_t>(middle - begin_)},
              std::string_view{middle, ends_->value - ends_->name}};
    }
    Iterator& operator++() noexcept {
      begin_ = text_ + ends_->value;
      ++ends_;
      return *this;
    }
    Iterator operator++(int) noexcept {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator& left, const Iterator& right) noexcept {
      return left.ends_ == right.ends_;
    }

   private:
    const char* begin_ = nullptr;
    const char* text_ = nullptr;
    const Ends* ends_ = nullptr;
  };

  FieldList() = default;
  FieldList(std::initializer_list<Field> fields);

  /// Fields that stand in `text` already; the last one ends with it.
  FieldList(std::string text, std::vector<Ends> ends) noexcept
      : text_(std::move(text)), ends_(std::move(ends)) {}

  /// Makes room for more. `bytes` are those of names and values.
  void reserve(std::size_t fields, std::size_t bytes);

  void add(std::string_view name, std::string_view value);

  /// All names and values, one behind the other.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  [[nodiscard]] Iterator begin() const noexcept {
    return {text_.data(), text_.data(), ends_.data()};
  }
  [[nodiscard]] Iterator end() const noexcept {
    return {nullptr, nullptr, ends_.data() + ends_.size()};
  }
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] bool empty() const noexcept { return ends_.empty(); }
  friend bool operator==(const FieldList&, const FieldList&) = default;

 private:
  std::string text_;
  std::vector<Ends> ends_;
};

}  // namespace ivr::http
