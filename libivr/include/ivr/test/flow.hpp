#pragma once
// A test's language for flows: what leads where, and what is heard there.
//
//   FlowTest<Ticket> flow{supportFlow()};
//   flow.given(incoming).when([](Ticket& ticket) { ticket.agents = true; })
//       .on(called).leadsTo(routing).renders("//Dial/Queue", "support")
//       .on(hangsUp).leadsTo(cancelled);
//   flow.given(cancelled).on(called).isRefused();
//
// A failure names the way, what was expected, what came instead, and the line of the test.

#include "ivr/call/call.hpp"
#include "ivr/call/url_for.hpp"
#include "ivr/core/error.hpp"
#include "ivr/flow/flow.hpp"
#include "ivr/http/form.hpp"
#include "ivr/twiml/twiml.hpp"

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

namespace ivr::test {

namespace detail {

/// Fails the running test, at a line of it.
void failFlow(const std::string& way, const std::string& why, const std::source_location& where);

/// Why a document does not have what `path` selects, with that text if there is one; nothing if it
/// has.
[[nodiscard]] std::optional<std::string> missingIn(const twiml::Twiml& document,
                                                   std::string_view path,
                                                   std::optional<std::string_view> text);

}  // namespace detail

/// A model in a state, on its way through a flow. A value: several tests may go on from one.
///
/// Each member takes a step or looks, at once. After the first failure of a way, nothing more of it
/// is looked at.
template <class Model>
class FlowWay {
 public:
  using Where = std::source_location;

  /// Changes the model: so that a guard agrees, say.
  template <std::invocable<Model&> F>
  [[nodiscard]] FlowWay when(F setUp) const {
    FlowWay next = *this;
    std::invoke(setUp, next.model_);
    return next;
  }

  /// An event happens, and its callbacks run. `fields` are those of the webhook that sends it.
  [[nodiscard]] FlowWay on(Event event, http::Form fields = {}) const {
    FlowWay next = *this;
    next.fired_.reset();
    next.error_ = nullptr;
    next.way_ += " --" + std::string{event.text()} + "-->";
    if (next.hasFailed_) return next;
    try {
      Call call{std::move(fields), urlFor()};
      const bool isWebhook = event.sender().kind() != flow::Sender::Kind::application;
      next.fired_ = flow_->run(next.model_, event, next.turn(isWebhook ? &call : nullptr)).get();
    } catch (const std::exception&) {
      next.error_ = std::current_exception();
    }
    next.way_ += ' ' + flow_->stateOf(next.model_);
    return next;
  }

  /// The event led there, be it from there.
  FlowWay leadsTo(flow::State state, Where where = Where::current()) const {
    return expect(fired_ && fired_->isSuccess() && state == flow_->stateOf(model_),
                  std::string{state.text()}, where);
  }
  /// No line took the event, and the state is the same.
  FlowWay isRefused(Where where = Where::current()) const {
    return expect(fired_ && fired_->outcome == flow::Outcome::refused, "refused", where);
  }
  /// A callback said no, and the state is the same.
  FlowWay isHalted(Where where = Where::current()) const {
    return expect(fired_ && fired_->outcome == flow::Outcome::halted, "halted", where);
  }
  /// Something threw, with this in its message.
  FlowWay failsWith(std::string_view part, Where where = Where::current()) const {
    return expect(error_ && textOf(error_).find(part) != std::string::npos,
                  "an error that says \"" + std::string{part} + '"', where);
  }

  /// The caller hears a document in which the XPath `path` selects something: `//Record[@action]`.
  FlowWay renders(std::string_view path, Where where = Where::current()) const {
    return rendered(path, std::nullopt, where);
  }
  /// The same with the text of an element or the value of an attribute.
  FlowWay renders(std::string_view path, std::string_view text,
                  Where where = Where::current()) const {
    return rendered(path, text, where);
  }

  /// Anything else that is to be true: expectations about the model.
  template <std::invocable<const Model&> F>
  FlowWay also(F look) const {
    if (!hasFailed_) std::invoke(look, model_);
    return *this;
  }

  [[nodiscard]] const Model& model() const noexcept { return model_; }
  /// The document that the caller hears.
  [[nodiscard]] twiml::Twiml document() const { return flow_->render(model_, turn(nullptr)).get(); }

 private:
  template <class>
  friend class FlowTest;

  FlowWay(std::shared_ptr<const Flow<Model>> flow, Model model)
      : flow_(std::move(flow)), model_(std::move(model)), way_(flow_->stateOf(model_)) {}

  [[nodiscard]] Turn turn(Call* call) const {
    return Turn{
        {.id = "5000", .call = call, .urlFor = urlFor(), .definition = &flow_->definition()}};
  }

  /// Absolute links are there, too.
  static UrlFor urlFor() {
    return UrlFor{std::make_shared<const UrlBase>(
        UrlBase{.scheme = "https", .host = "ivr.example.com", .prefix = {}})};
  }

  FlowWay expect(bool isTrue, const std::string& expected, const Where& where) const {
    if (isTrue || hasFailed_) return *this;
    std::string got = flow_->stateOf(model_);
    if (error_) {
      got = "an error: " + textOf(error_);
    } else if (!fired_) {
      got = "no event before it";
    } else {
      got += ", " + std::string{textOf(fired_->outcome)};
    }
    return failed("expected: " + expected + "\n     got: " + got, where);
  }

  FlowWay rendered(std::string_view path, std::optional<std::string_view> text,
                   const Where& where) const {
    if (hasFailed_) return *this;
    try {
      const auto missing = detail::missingIn(document(), path, text);
      return missing ? failed(*missing, where) : *this;
    } catch (const std::exception& error) {
      return failed("rendering threw: " + std::string{error.what()}, where);
    }
  }

  FlowWay failed(const std::string& why, const Where& where) const {
    FlowWay next = *this;
    if (!std::exchange(next.hasFailed_, true)) detail::failFlow(way_, why, where);
    return next;
  }

  std::shared_ptr<const Flow<Model>> flow_;
  Model model_;
  std::string way_;  ///< `incoming --called--> routing`.
  std::optional<flow::Fired> fired_ = {};
  std::exception_ptr error_ = {};
  bool hasFailed_ = false;
};

/// Tests one flow. Models begin as `Model{}`, or as the one that it is given.
template <class Model>
class FlowTest {
 public:
  explicit FlowTest(Flow<Model> flow, Model model = {})
      : flow_(std::make_shared<const Flow<Model>>(std::move(flow))), model_(std::move(model)) {}

  /// A model in that state.
  [[nodiscard]] FlowWay<Model> given(flow::State state) const {
    Model model = model_;
    flow_->put(model, state);
    return FlowWay<Model>{flow_, std::move(model)};
  }

  [[nodiscard]] const Flow<Model>& flow() const noexcept { return *flow_; }

 private:
  std::shared_ptr<const Flow<Model>> flow_;
  Model model_;
};

}  // namespace ivr::test
