// Addresses: of documents, callbacks and files.

#include "ivr/twiml/lint.hpp"
#include "twiml/lint/elements.hpp"
#include "twiml/lint/rules.hpp"

#include <array>
#include <optional>

namespace ivr::twiml {

namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The scheme of an address, in lower case; empty if it has none.
std::string schemeOf(std::string_view url) {
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos || colon > url.find_first_of("/?#") || !isLetter(url[0])) {
    return {};
  }
  const std::string_view scheme = url.substr(0, colon);
  const bool isScheme = std::ranges::all_of(scheme, [](char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
  return isScheme ? lowerCase(scheme) : std::string{};
}

/// The host of an address with `//`, in lower case, without port and user.
std::string hostOf(std::string_view url) {
  url.remove_prefix(url.find("//") + 2);
  url = url.substr(0, url.find_first_of("/?#"));
  url.remove_prefix(url.find('@') + 1);  // npos + 1 is 0
  if (url.starts_with('[')) return lowerCase(url.substr(0, url.find(']') + 1));
  return lowerCase(url.substr(0, url.find(':')));
}

/// Whether a relative address begins with what is surely a host: `www.example.com/a`.
bool beginsWithHost(std::string_view url) {
  const std::string first = lowerCase(url.substr(0, url.find_first_of("/?#")));
  if (first.starts_with("www.")) return true;
  const std::size_t point = first.rfind('.');
  if (point == std::string::npos || point == 0) return false;
  return isOneOf(std::string_view{first}.substr(point + 1), {"com", "org", "net", "io", "dev"});
}

/// Whether a host can be reached from this machine or its own network alone.
bool isLocal(std::string_view host) {
  if (host == "localhost" || host == "[::1]" || host == "0.0.0.0") return true;
  if (host.ends_with(".localhost") || host.ends_with(".local") || host.ends_with(".internal")) {
    return true;
  }
  std::array<int, 4> bytes{};
  std::size_t count = 0;
  std::string_view rest = host;
  while (true) {
    const std::string_view part = rest.substr(0, rest.find('.'));
    const auto number = numberFrom<int>(part);
    if (count == bytes.size() || !number || *number > 255 || part.starts_with('-')) return false;
    bytes[count++] = *number;
    if (part.size() == rest.size()) break;
    rest.remove_prefix(part.size() + 1);
  }
  if (count != bytes.size()) return false;
  return bytes[0] == 127 || bytes[0] == 10 || (bytes[0] == 192 && bytes[1] == 168) ||
         (bytes[0] == 172 && bytes[1] >= 16 && bytes[1] < 32) ||
         (bytes[0] == 169 && bytes[1] == 254);
}

/// Whether a part of a path is what a program writes for a value that it does not have.
bool holdsPlaceholder(std::string_view url) {
  while (!url.empty()) {
    const std::string_view part = url.substr(0, url.find_first_of("/?#&="));
    if (isOneOf(part, {"undefined", "null", "NaN", "None", "[object Object]"})) return true;
    url.remove_prefix(std::min(part.size() + 1, url.size()));
  }
  return url.find("[object") != std::string_view::npos;
}

/// What is wrong with an address, at most one thing.
struct Fault {
  std::string_view rule;
  std::string message;  ///< The rest of a sentence.
  std::string_view code = {};
};

std::optional<Fault> faultOf(std::string_view url, std::string_view relativeCode,
                             const LintOptions& options) {
  const bool isDrive =
      url.size() > 1 && isLetter(url[0]) && url[1] == ':' && schemeOf(url).size() == 1;
  const std::string scheme = schemeOf(url);
  const bool isWeb = scheme == "http" || scheme == "https";
  if (isDrive)
    return Fault{"address-scheme", "is a file of one machine, and the provider is on another"};
  if (!scheme.empty() && !isWeb) {
    const bool isHost = scheme.find('.') != std::string::npos || scheme == "localhost";
    if (isHost)
      return Fault{"address-without-scheme", "begins with a host; write https:// in front"};
    return Fault{"address-scheme",
                 "begins with neither http: nor https:, and the provider asks for no other"};
  }
  if (url.find_first_of(" \t\r\n<>\"\\") != std::string_view::npos) {
    return Fault{"address-characters", "is no URL: it holds a blank, a bracket or a backslash"};
  }
  if (url.find_first_of("{}") != std::string_view::npos || holdsPlaceholder(url)) {
    return Fault{"address-placeholder", "holds a placeholder that nobody has filled"};
  }
  if (isWeb) {
    const std::string_view rest = url.substr(scheme.size() + 1);
    if (!rest.starts_with("//")) {
      return Fault{"address-host", "has no host: two slashes stand behind " + scheme + ':'};
    }
  }
  const bool hasHost = isWeb || url.starts_with("//");
  if (hasHost) {
    const std::string host = hostOf(url);
    if (host.empty()) return Fault{"address-host", "has no host"};
    if (host.find('_') != std::string::npos) {
      return Fault{"address-host", "has a host with an underscore, which no host may have"};
    }
    if (isLocal(host) && !options.allowsLocalAddresses) {
      return Fault{"address-local", "leads to a machine that the provider cannot reach"};
    }
    if (isWeb) return std::nullopt;
  }
  if (beginsWithHost(url)) {
    return Fault{"address-without-scheme", "begins with a host; write https:// in front"};
  }
  if (options.use != TwimlUse::liveUpdate) return std::nullopt;
  return Fault{"address-relative",
               "must be absolute: a document that changes a live call has no address to be "
               "relative to",
               relativeCode};
}

bool isAddress(std::string_view attribute) {
  return attribute == "action" || attribute == "url" || attribute.ends_with("Url") ||
         attribute.ends_with("Callback");
}

bool isWebSocket(const Element& element) {
  return element.name == "Stream" || element.name == "ConversationRelay";
}

void checkAttributes(const Element& element, Lint& lint) {
  for (const Attribute& attribute : element.attributes) {
    if (!isAddress(attribute.name)) continue;
    if (attribute.name == "url" && isWebSocket(element)) continue;
    const std::string_view url = trimmed(attribute.value);
    if (url.empty()) continue;
    const bool isInput = isOneOf(element.name, {"Gather", "Record", "Pay"});
    const auto fault =
        faultOf(url, isInput && attribute.name == "action" ? "15004" : "11100", lint.options());
    if (!fault) continue;
    lint.report(fault->rule, attribute, std::string{attribute.name} + ' ' + fault->message,
                {.code = fault->code});
  }
}

void checkText(const Element& element, Lint& lint) {
  checkAttributes(element, lint);
  const std::string url = lint.document().textIn(element);
  if (url.empty()) return;
  if (const auto fault = faultOf(url, "11100", lint.options())) {
    lint.report(fault->rule, element,
                (element.name == "Play" ? "the file to play " : "the URL ") + fault->message,
                {.code = fault->code});
  }
}

/// The ending of the file that a URL names, in lower case: `mp3`.
std::string endingOf(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  url.remove_prefix(url.rfind('/') + 1);
  const std::size_t point = url.rfind('.');
  return point == std::string_view::npos ? std::string{} : lowerCase(url.substr(point + 1));
}

void checkAudio(const Element& play, Lint& lint) {
  const std::string url = lint.document().textIn(play);
  if (url.find("://") != std::string::npos &&
      url.find('/', url.find("://") + 3) == std::string::npos) {
    return;  // the ending of a host
  }
  const std::string ending = endingOf(url);
  if (!isOneOf(ending, {"aac", "avi", "flac", "htm", "html", "json", "m4a", "mid", "mov", "mp4",
                        "oga", "ogg", "opus", "txt", "webm", "wma", "xml"})) {
    return;
  }
  const bool isInGather = play.parent != nullptr && play.parent->name == "Gather";
  lint.report("audio-type", play,
              "the provider plays MP3, WAV, AIFF, GSM and u-law, not ." + ending,
              {.code = isInGather ? "13325" : "13420"});
}

/// The address without what does not decide which document it is.
std::string documentOf(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t host = url.find("//");
  const std::size_t path =
      host == std::string_view::npos ? 0 : std::min(url.find('/', host + 2), url.size());
  return lowerCase(url.substr(0, path)) + std::string{url.substr(path)};
}

/// A reference, seen from the document at `base` (RFC 3986, section 5, without dots in paths).
std::string resolved(std::string_view reference, std::string_view base) {
  if (!schemeOf(reference).empty()) return documentOf(reference);
  base = base.substr(0, base.find_first_of("?#"));
  const std::size_t host = base.find("//");
  const std::size_t path = std::min(base.find('/', host + 2), base.size());
  if (reference.starts_with("//"))
    return documentOf(std::string{base.substr(0, host)} + std::string{reference});
  if (reference.starts_with('/'))
    return documentOf(std::string{base.substr(0, path)} + std::string{reference});
  if (reference.starts_with('?')) return documentOf(std::string{base} + std::string{reference});
  const std::size_t folder = base.rfind('/');
  const std::string_view before = folder < path || folder == std::string_view::npos
                                      ? base.substr(0, path)
                                      : base.substr(0, folder);
  return documentOf(std::string{before} + '/' + std::string{reference});
}

void checkLoop(const Element& redirect, Lint& lint) {
  const LintOptions& options = lint.options();
  const std::string url = lint.document().textIn(redirect);
  const bool isWait = options.use == TwimlUse::conferenceWait || options.use == TwimlUse::queueWait;
  if (isWait) return;
  if (url.empty()) {
    lint.report("redirect-to-itself", redirect,
                "without a URL this document is asked for again, for ever");
  } else if (!options.url.empty() && resolved(url, options.url) == documentOf(options.url)) {
    lint.report(
        "redirect-to-itself", redirect,
        "this is the address of the document itself: a caller who stays silent hears it for "
        "ever; count the turns, in the query for instance");
  }
}

constexpr std::string_view kHolders =
    "Application Client Conference Connect Conversation ConversationRelay Dial Enqueue Gather "
    "Number "
    "Pay Queue Record Recording Refer Sip Siprec Sms Start Stream Transcription VirtualAgent "
    "WhatsApp";

constexpr Rule kRules[] = {
    {.id = "address-characters",
     .code = "11100",
     .severity = Severity::error,
     .elements = kHolders,
     .check = checkAttributes,
     .summary = "an address with a blank, a bracket or a backslash",
     .why = "It is no URL, and the provider cannot ask for it: the call ends.",
     .bad = "<Dial action='/call ended'>+14155550100</Dial>",
     .good = "<Dial action='/call%20ended'>+14155550100</Dial>"},
    {.id = "address-scheme",
     .code = "11100",
     .severity = Severity::error,
     .elements = "Play Redirect",
     .check = checkText,
     .summary = "an address that is neither http nor https",
     .why = "The provider fetches nothing from file servers, buckets, mailboxes or disks.",
     .bad = "<Play>s3://sounds/hello.mp3</Play>",
     .good = "<Play>https://sounds.example.com/hello.mp3</Play>"},
    {.id = "address-without-scheme",
     .code = "11100",
     .severity = Severity::error,
     .summary = "an address that begins with a host",
     .why =
         "Without https:// in front it is a path: the provider looks for it below the address of "
         "the document.",
     .bad = "<Redirect>www.example.com/menu</Redirect>",
     .good = "<Redirect>https://www.example.com/menu</Redirect>"},
    {.id = "address-host",
     .code = "11100",
     .severity = Severity::error,
     .summary = "an address without a host, or with one that cannot be",
     .why = "The provider cannot ask for it: the call ends.",
     .bad = "<Redirect>https:///menu</Redirect>",
     .good = "<Redirect>https://example.com/menu</Redirect>"},
    {.id = "address-placeholder",
     .severity = Severity::error,
     .summary = "an address with a value that was never filled in",
     .why = "A template or a program has written undefined, null or {name} where a value belongs.",
     .bad = "<Redirect>/menu/undefined</Redirect>",
     .good = "<Redirect>/menu/17</Redirect>"},
    {.id = "address-local",
     .summary = "an address of this machine or of a private network",
     .why = "The provider cannot reach it. `--development` allows such addresses.",
     .bad = "<Redirect>http://localhost:8080/menu</Redirect>",
     .good = "<Redirect>https://example.com/menu</Redirect>"},
    {.id = "address-relative",
     .code = "11100",
     .severity = Severity::error,
     .summary = "a relative address in a document that changes a live call",
     .why = "The document is a parameter of a request, so it has no address to be relative to.",
     .bad = "<Redirect>/menu</Redirect>",
     .good = "<Redirect>https://example.com/menu</Redirect>",
     .use = TwimlUse::liveUpdate},
    {.id = "audio-type",
     .code = "13420",
     .severity = Severity::error,
     .elements = "Play",
     .check = checkAudio,
     .summary = "a file of a type that is not played",
     .why = "The caller hears nothing, or the call ends.",
     .bad = "<Play>/hello.ogg</Play>",
     .good = "<Play>/hello.mp3</Play>"},
    {.id = "redirect-to-itself",
     .elements = "Redirect",
     .check = checkLoop,
     .summary = "a document that leads back to itself",
     .why = "A caller who stays silent, or has put the phone down on the table, hears it for ever, "
            "and somebody pays. With `--url` the address of the document is known.",
     .bad = "<Gather action='/choice'><Say>One or two?</Say></Gather><Redirect/>",
     .good = "<Gather action='/choice'><Say>One or two?</Say></Gather><Redirect>/silent?turn=2"
             "</Redirect>"},
};

}  // namespace

std::span<const Rule> addressRules() { return kRules; }

}  // namespace ivr::twiml
