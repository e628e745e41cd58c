#include "ivr/twiml/lint.hpp"

#include "core/text.hpp"
#include "ivr/twiml/reader.hpp"
#include "twiml/codes.hpp"
#include "twiml/fields.hpp"
#include "twiml/reader.hpp"
#include "twiml/xml_scanner.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <tuple>
#include <utility>

namespace ivr::twiml {

namespace {

/// An index of `Places`.
using Place = std::size_t;

constexpr std::string_view kKeys = "0123456789#*";
constexpr std::string_view kTones = "0123456789ABCDabcd#*wW";

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> others) {
  return std::ranges::find(others, text) != others.end();
}

bool isAbsolute(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

/// The host of an absolute URL, without port and user.
std::string_view hostOf(std::string_view url) {
  url.remove_prefix(url.find("//") + 2);
  url = url.substr(0, url.find_first_of("/?#"));
  url.remove_prefix(url.find('@') + 1);  // npos + 1 is 0
  return url.substr(0, url.find(':'));
}

/// The ending of the file that a URL names, in lower case: `mp3`.
std::string endingOf(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  url.remove_prefix(url.rfind('/') + 1);
  const std::size_t point = url.rfind('.');
  if (point == std::string_view::npos) return {};
  std::string ending{url.substr(point + 1)};
  std::ranges::transform(ending, ending.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return ending;
}

bool isUrlAttribute(std::string_view name) {
  return name == "action" || name == "url" || name.ends_with("Url") || name.ends_with("Callback");
}

bool isPhoneNumber(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits > 0 && digits <= 15 &&
         text.find_first_not_of("0123456789 ()-.") == std::string_view::npos;
}

/// The length of the spoken text alone: of a text, or of an element with text.
template <class Part>
std::size_t spokenLength(const Part& part) {
  if constexpr (std::is_same_v<Part, std::string>) {
    return part.size();
  } else if constexpr (HasText<Part>) {
    return spokenLength(part.*Fields<Part>::text);
  } else if constexpr (requires { part.parts(); }) {
    std::size_t length = 0;
    for (const auto& inner : part.parts()) {
      length += std::visit([](const auto& one) { return spokenLength(one); }, inner);
    }
    return length;
  } else {
    return 0;
  }
}

/// The name of the element that a variant holds; empty for an `XmlElement`.
template <class Noun>
std::string_view nameOf(const Noun& noun) {
  return std::visit(
      []<class Element>(const Element&) -> std::string_view {
        if constexpr (std::is_same_v<Element, XmlElement>) {
          return {};
        } else {
          return Fields<Element>::name;
        }
      },
      noun);
}

std::string tag(std::string_view name) { return '<' + std::string{name} + '>'; }

/// Walks the values and their places side by side.
class Linter {
 public:
  Linter(std::string_view text, const Places& places, TwimlUse use, std::vector<Finding>& findings)
      : text_(text), places_(places), use_(use), findings_(findings) {}

  void document(const Twiml& twiml) {
    order(twiml.verbs());
    nouns(twiml.verbs(), kRoot);
  }

 private:
  static constexpr Place kRoot = 0;

  void report(std::string_view code, const char* where, std::string message) {
    findings_.push_back({.code = code,
                         .severity = severityOf(code),
                         .position = positionOf(where, text_),
                         .message = std::move(message)});
  }
  void report(std::string_view code, Place place, std::string message) {
    report(code, beginOf(place), std::move(message));
  }
  /// At the attribute, which the element must have.
  void report(std::string_view code, Place place, std::string_view attribute, std::string message) {
    report(code, beginOf(place, attribute), std::move(message));
  }

  [[nodiscard]] const char* beginOf(Place place) const { return places_[place].name.data() - 1; }
  [[nodiscard]] const char* beginOf(Place place, std::string_view attribute) const {
    return std::ranges::find(places_[place].attributes, attribute)->data();
  }

  /// Visits each noun with its place: `visit(noun, place)`.
  template <class Noun, class Visit>
  void eachNoun(const std::vector<Noun>& nouns, Place parent, Visit visit) const {
    Place place = parent + 1;
    for (const Noun& noun : nouns) {
      visit(noun, place);
      place = places_[place].next;
    }
  }

  template <class Noun>
  void nouns(const std::vector<Noun>& nouns, Place parent) {
    eachNoun(nouns, parent, [&](const Noun& noun, Place place) {
      parent_ = places_[parent].name;
      std::visit([&](const auto& element) { visit(element, place); }, noun);
    });
  }

  void visit(const XmlElement&, Place) {}  // the reader has reported all there is to report

  template <class Element>
  void visit(const Element& element, Place place) {
    std::apply([&](const auto&... field) { (url(element, field, place), ...); },
               Fields<Element>::attributes);
    check(element, place);
    if constexpr (HasNouns<Element>) nouns(element.*Fields<Element>::nouns, place);
  }

  // ---- Documents

  /// Why no verb after this one is reached; empty if the next one is.
  static std::string_view endOf(const Verb& verb) {
    const std::string_view name = nameOf(verb);
    if (isOneOf(name, {"Redirect", "Reject", "Hangup", "Leave"})) return "ends the document";
    if (isOneOf(name, {"Record", "Pay"})) return "asks its action what is next";
    const auto hasAction = [](const auto& element) {
      if constexpr (requires { element.action; })
        return element.action.has_value();
      else
        return false;
    };
    const bool asks =
        isOneOf(name, {"Dial", "Connect", "Enqueue", "Refer"}) && std::visit(hasAction, verb);
    return asks ? "asks its action what is next" : std::string_view{};
  }

  void order(const std::vector<Verb>& verbs) {
    std::string_view end;
    std::string_view ending;
    std::size_t index = 0;
    eachNoun(verbs, kRoot, [&](const Verb& verb, Place place) {
      const std::string_view name = nameOf(verb);
      const bool isLast = ++index == verbs.size();
      belongs(name, place);
      if (!end.empty()) {
        report("unreachable", place,
               tag(places_[place].name) + " is never reached: " + tag(ending) + " before it " +
                   std::string{end});
        end = {};  // once is enough
        return;
      }
      end = ending.empty() ? endOf(verb) : std::string_view{};
      if (!end.empty()) ending = name;
      if (name == "Reject" && index > 1) {
        report("reject-after-answer", place,
               "<Reject> refuses no call that the verbs before it have answered, and billed");
      }
      if (name == "Start" && isLast) {
        report("start-ends-call", place,
               "nothing follows this <Start>, so the call is hung up at once");
      }
      if (const auto* gather = std::get_if<Gather>(&verb)) inOrder(*gather, place, isLast);
    });
  }

  void inOrder(const Gather& gather, Place place, bool isLast) {
    if (!gather.action) {
      report("gather-without-action", place,
             "without action the input is sent to the address of this document, which may ask "
             "again for ever");
    }
    if (isLast && gather.actionOnEmptyResult != true && use_ != TwimlUse::queueWait) {
      report("gather-ends-call", place,
             "nothing follows this <Gather>: a caller who gives no input is hung up on");
    }
  }

  /// Which verbs a document may hold depends on who hears it.
  void belongs(std::string_view name, Place place) {
    if (name.empty()) return;
    if (use_ == TwimlUse::conferenceWait && !isOneOf(name, {"Play", "Say", "Pause", "Redirect"})) {
      report("13238", place,
             tag(name) +
                 " cannot be heard while one waits in a conference: only Play, Say, Pause and "
                 "Redirect");
    } else if (use_ == TwimlUse::queueWait &&
               !isOneOf(name, {"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})) {
      report("not-in-queue", place, tag(name) + " is not for those who wait in a queue");
    } else if (use_ == TwimlUse::screening && name == "Dial") {
      report("13201", place, "a callee who is being dialled cannot dial");
    } else if (use_ == TwimlUse::screening &&
               !isOneOf(name, {"Play", "Say", "Pause", "Gather", "Hangup", "Redirect"})) {
      report("not-in-screening", place,
             tag(name) + " is not for a callee who is not yet connected");
    }
  }

  // ---- Addresses

  template <class Element, class Value>
  void url(const Element&, const Field<Element, Value>&, Place) {}

  template <class Element>
  void url(const Element& element, const Field<Element, std::optional<std::string>>& field,
           Place place) {
    if constexpr (std::is_same_v<Element, Stream> || std::is_same_v<Element, ConversationRelay>) {
      if (field.name == "url") return;  // a WebSocket's
    }
    const std::optional<std::string>& value = element.*field.member;
    if (!value || !isUrlAttribute(field.name)) return;
    constexpr bool isInput = std::is_same_v<Element, Gather> || std::is_same_v<Element, Record> ||
                             std::is_same_v<Element, Pay>;
    const std::string_view relative = isInput && field.name == "action" ? "15004" : "11100";
    address(*value, relative, beginOf(place, field.name), std::string{field.name});
  }

  void address(std::string_view url, std::string_view relativeCode, const char* where,
               const std::string& name) {
    url = trimmed(url);
    if (url.empty()) return;
    if (url.find_first_of(" \t\r\n<>\"") != std::string_view::npos) {
      report("11100", where, name + " is no URL: it holds a blank or a bracket");
    } else if (isAbsolute(url)) {
      if (hostOf(url).empty()) report("11100", where, name + " has no host");
      if (hostOf(url).find('_') != std::string_view::npos) {
        report("11100", where, name + " has a host with an underscore, which no host may have");
      }
    } else if (use_ == TwimlUse::liveUpdate) {
      report(relativeCode, where,
             name +
                 " must be absolute: a document that changes a live call has no address to be "
                 "relative to");
    }
  }

  // ---- Verbs and nouns

  template <class Element>
  void check(const Element&, Place) {}

  void check(const Say& say, Place place) {
    const std::string_view voice = say.voice ? std::string_view{say.voice->text()} : "";
    const bool isGoogle = voice.starts_with("Google.");
    const std::size_t most = isGoogle ? 5000 : voice.starts_with("Polly.") ? 3000 : 4096;
    const ElementPlace& at = places_[place];
    const auto withTags = static_cast<std::size_t>(at.insideEnd - at.insideBegin);
    const std::size_t length = isGoogle ? withTags : spokenLength(say);
    if (length > most) {
      report("13521", place,
             "the text is " + std::to_string(length) + " bytes long, and this voice speaks " +
                 std::to_string(most));
    }
    const bool isSilent = std::ranges::all_of(say.text.parts(), [](const auto& part) {
      const auto* text = std::get_if<std::string>(&part);
      return text != nullptr && trimmed(*text).empty();
    });
    if (isSilent) report("13520", place, "there is nothing to say");
  }

  void check(const Play& play, Place place) {
    const bool isInGather = parent_ == "Gather";
    if (isInGather && play.digits) report("13320", place, "keys cannot be played in a <Gather>");
    if (play.digits && play.digits->find_first_not_of(kTones) != std::string::npos) {
      report("13430", place, "digits", "digits must be of 0-9, A-D, #, *, w and W");
    }
    const std::string_view url = trimmed(play.url);
    if (url.empty()) {
      if (!play.digits)
        report("nothing-to-play", place, "there is neither a file nor digits to play");
      return;
    }
    address(url, "11100", beginOf(place), "the file to play");
    static constexpr std::array<std::string_view, 17> kRefused{
        "aac", "avi", "flac", "htm",  "html", "json", "m4a", "mid", "mov",
        "mp4", "oga", "ogg",  "opus", "txt",  "webm", "wma", "xml"};
    const std::string ending = endingOf(url);
    if (std::ranges::find(kRefused, ending) != kRefused.end()) {
      report(isInGather ? "13325" : "13420", place,
             "the provider plays MP3, WAV, AIFF, GSM and u-law, not ." + ending);
    }
  }

  void check(const Gather& gather, Place place) {
    if (gather.finishOnKey && gather.finishOnKey->size() > 1) {
      report("13311", place, "finishOnKey", "finishOnKey is one key or none");
    } else if (gather.finishOnKey &&
               gather.finishOnKey->find_first_not_of(kKeys) != std::string::npos) {
      report("13310", place, "finishOnKey", "finishOnKey must be one of 0-9, # and *");
    }
    if (gather.hints) hints(*gather.hints, place);
  }

  void hints(std::string_view hints, Place place) {
    constexpr std::ptrdiff_t kMost = 500;
    constexpr std::size_t kMaximum = 100;
    const bool areTooMany = std::ranges::count(hints, ',') >= kMost;
    const bool isTooLong = std::ranges::any_of(
        itemsOf(hints), [](std::string_view hint) { return hint.size() > kMaximum; });
    if (areTooMany || isTooLong) {
      report("13330", place, "hints", "hints must be 500 at most, of 100 characters each");
    }
  }

  void check(const Record& record, Place place) {
    if (!record.action) {
      if (use_ == TwimlUse::liveUpdate) {
        report("11100", place, "without action there is no address to send the recording to");
      } else {
        report("record-without-action", place,
               "without action the recording is sent to the address of this document, which may "
               "record again for ever");
      }
    }
    if (record.finishOnKey && record.finishOnKey->find_first_not_of(kKeys) != std::string::npos) {
      report("13613", place, "finishOnKey", "finishOnKey must be of 0-9, # and *");
    }
    constexpr std::chrono::seconds kMaxTranscript{120};
    if (record.transcribe == true && record.maxLength && *record.maxLength > kMaxTranscript) {
      report("13615", place, "maxLength", "with transcribe, maxLength must be 120 or less");
    }
    if (record.transcribeCallback && record.transcribe != true) {
      report("no-transcript", place, "transcribeCallback",
             "without transcribe=\"true\" nothing is ever sent to transcribeCallback");
    }
  }

  void check(const Redirect& redirect, Place place) {
    const bool isWait = use_ == TwimlUse::conferenceWait || use_ == TwimlUse::queueWait;
    if (trimmed(redirect.url).empty() && !isWait) {
      report("redirect-to-itself", place,
             "without a URL this document is asked for again, for ever");
    }
    address(redirect.url, "11100", beginOf(place), "the URL");
  }

  void check(const Dial& dial, Place place) {
    phoneNumber(dial.phoneNumber, place, dial.nouns.empty() ? Absence::reported : Absence::fine);
    std::size_t ringing = trimmed(dial.phoneNumber).empty() ? 0 : 1;
    std::size_t others = ringing;
    std::optional<Place> conference;
    eachNoun(dial.nouns, place, [&](const auto& noun, Place child) {
      const std::string_view name = nameOf(noun);
      if (name == "Conference") {
        conference = child;
      } else {
        ++others;
      }
      if (isOneOf(name, {"Number", "Client", "Sip"})) ++ringing;
    });
    if (conference && others > 0) {
      report("13000", *conference, "a Conference cannot stand beside others to dial");
    }
    constexpr std::size_t kMaxRinging = 10;
    if (ringing > kMaxRinging) {
      report("too-many-callees", place,
             std::to_string(ringing) + " are to be dialled, and the provider dials " +
                 std::to_string(kMaxRinging));
    }
  }

  enum class Absence { fine, reported };
  void phoneNumber(std::string_view number, Place place, Absence absence) {
    if (trimmed(number).empty()) {
      if (absence == Absence::reported) report("13223", place, "there is no number to dial");
    } else if (!isPhoneNumber(number)) {
      report("13223", place, "this is no telephone number; write it as +14155550100");
    }
  }

  void check(const Number& number, Place place) {
    phoneNumber(number.phoneNumber, place, Absence::reported);
    if (number.sendDigits && number.sendDigits->find_first_not_of(kTones) != std::string::npos) {
      report("13222", place, "sendDigits", "sendDigits must be of 0-9, A-D, #, *, w and W");
    }
  }
  void check(const WhatsApp& whatsApp, Place place) {
    phoneNumber(whatsApp.phoneNumber, place, Absence::reported);
  }

  void check(const Conference& conference, Place place) {
    if (trimmed(conference.name).empty()) report("13237", place, "a Conference needs a name");
    constexpr std::size_t kMaxLabel = 128;
    if (conference.participantLabel &&
        (conference.participantLabel->size() > kMaxLabel ||
         conference.participantLabel->find('/') != std::string::npos)) {
      report("16023", place, "participantLabel",
             "participantLabel must be 128 characters at most, without a slash");
    }
    const auto isCallSid = [](std::string_view sid) {
      return sid.size() == 34 && sid.starts_with("CA") &&
             sid.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
    };
    if (conference.coach && !conference.coach->empty() && !isCallSid(*conference.coach)) {
      report("13240", place, "coach",
             "coach must be the SID of a call: CA and 32 hexadecimal digits");
    }
  }

  void queueName(std::string_view name, Place place, std::string_view tooShort,
                 std::string_view tooLong) {
    constexpr std::size_t kMaximum = 64;
    if (trimmed(name).empty()) {
      report(tooShort, place, "a queue needs a name");
    } else if (trimmed(name).size() > kMaximum) {
      report(tooLong, place, "the name of a queue must be 64 characters at most");
    }
  }
  void check(const Queue& queue, Place place) {
    if (!queue.reservationSid) queueName(queue.name, place, "14212", "14213");
  }
  void check(const Enqueue& enqueue, Place place) {
    if (!enqueue.workflowSid) queueName(enqueue.name, place, "14204", "14205");
  }

  void webSocket(const std::optional<std::string>& url, Place place) {
    if (!url || !trimmed(*url).starts_with("wss://")) {
      report("no-websocket", place,
             tag(places_[place].name) + " needs a url that begins with wss://");
    }
  }
  void check(const ConversationRelay& relay, Place place) { webSocket(relay.url, place); }
  void stream(const Stream& stream, Place place) {
    if (!stream.connectorName) webSocket(stream.url, place);
    if (stream.url && stream.url->find('?') != std::string::npos) {
      report("no-websocket", place, "url",
             "url of a <Stream> cannot have a query; use <Parameter>");
    }
  }
  void check(const Start& start, Place place) {
    eachNoun(start.nouns, place, [this](const auto& noun, Place child) {
      if (const auto* found = std::get_if<Stream>(&noun)) stream(*found, child);
    });
  }
  void check(const Connect& connect, Place place) {
    eachNoun(connect.nouns, place, [this](const auto& noun, Place child) {
      const auto* found = std::get_if<Stream>(&noun);
      if (found == nullptr) return;
      stream(*found, child);
      if (found->track && *found->track != StreamTrack::inboundTrack) {
        report("12200", child, "track", "in <Connect> a <Stream> has the inbound track only");
      }
    });
  }

  void check(const Pay& pay, Place place) {
    if (pay.action && isAbsolute(*pay.action) && !pay.action->starts_with("https://")) {
      report("insecure-pay", place, "action", "action of <Pay> must be https");
    }
  }

  std::string_view text_;
  const Places& places_;
  TwimlUse use_;
  std::vector<Finding>& findings_;
  std::string_view parent_;  ///< The name of the visited element's parent.
};

}  // namespace

std::vector<Finding> lintTwiml(std::string_view text, TwimlUse use) {
  Places places;
  TwimlReading reading = readTwiml(text, &places);
  if (reading.twiml) {
    Linter{text, places, use, reading.findings}.document(*reading.twiml);
    std::ranges::stable_sort(reading.findings, {}, [](const Finding& finding) {
      return std::pair{finding.position.line, finding.position.column};
    });
  }
  return std::move(reading.findings);
}

}  // namespace ivr::twiml
