#include "ivr/phone/crawler.hpp"

#include "ivr/core/error.hpp"
#include "ivr/http/transport.hpp"
#include "ivr/phone/address.hpp"
#include "ivr/security/signature.hpp"
#include "ivr/twiml/lint.hpp"
#include "phone/generated.hpp"
#include "phone/walk.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace ivr::phone {

namespace {

using Kind = MenuNode::Kind;

constexpr std::string_view kTriedKeys = "0123456789*#";
constexpr int kMostDigits = 64;
constexpr std::size_t kMaxHints = 500;
constexpr std::size_t kMaxFindings = 10'000;

/// Seeds of providers are so far apart that no two make the same SID.
constexpr std::uint64_t kSeedsApart = std::uint64_t{1} << 24U;

Act press(std::string keys) { return {.kind = Act::Kind::press, .text = std::move(keys)}; }
Act sayWords(std::string words) { return {.kind = Act::Kind::say, .text = std::move(words)}; }

/// Everything that is tried at a question with keys.
void addKeys(const Question& question, const std::vector<std::string>& answers,
             std::vector<Try>& tries) {
  // A key that no menu means: unless it ends the input.
  const char odd = question.finishOnKey == "*" ? '#' : '*';
  const int length = std::clamp(question.numDigits.value_or(1), 1, kMostDigits);
  const auto count = static_cast<std::size_t>(length);
  if (length == 1) {
    for (const char key : kTriedKeys) tries.push_back({press(std::string{key}), key == odd});
  } else {
    std::string digits;
    for (std::size_t i = 0; i < count; ++i) digits += kTriedKeys[(i + 1) % 10];
    const std::string few = digits.substr(0, count - 1);
    tries.push_back({press(digits), false});
    tries.push_back({press(few), false});
    if (!question.finishOnKey.empty()) tries.push_back({press(few + question.finishOnKey), false});
    tries.push_back({press(std::string(count, odd)), true});
  }
  for (const std::string& answer : answers) {
    if (!question.numDigits || answer.size() == count) tries.push_back({press(answer), false});
  }
}

std::vector<Try> triesAt(const Place& place, const CrawlOptions& options) {
  std::vector<Try> tries;
  switch (place.kind) {
    case Kind::question: {
      const Question question = place.question.value_or(Question{});
      if (question.takesDigits) addKeys(question, options.answers, tries);
      if (question.takesSpeech) {
        for (std::size_t i = 0; i < std::min(question.hints.size(), kMaxHints); ++i) {
          // `$OOV_CLASS_DIGIT_SEQUENCE` stands for words that are not known.
          if (!question.hints[i].starts_with('$')) {
            tries.push_back({sayWords(question.hints[i]), false});
          }
        }
        tries.push_back({sayWords(options.stranger), true});
      }
      tries.push_back({{.kind = Act::Kind::silence}, true});
      break;
    }
    case Kind::recording:
      tries.push_back({sayWords("This is a message."), false});
      tries.push_back({press("#"), false});
      tries.push_back({{.kind = Act::Kind::silence}, false});
      break;
    case Kind::dialling:
      tries.push_back({{.kind = Act::Kind::othersAnswer}, false});
      tries.push_back({{.kind = Act::Kind::othersRefuse}, false});
      break;
    case Kind::talking: tries.push_back({{.kind = Act::Kind::othersHangUp}, false}); break;
    case Kind::start:
    case Kind::queue:
    case Kind::conference:
    case Kind::ended:
    case Kind::endless: break;
  }
  return tries;
}

char letterOf(Kind kind) {
  switch (kind) {
    case Kind::question: return 'Q';
    case Kind::recording: return 'R';
    case Kind::dialling: return 'D';
    case Kind::talking: return 'T';
    case Kind::queue: return 'W';
    case Kind::conference: return 'C';
    case Kind::start:
    case Kind::ended:
    case Kind::endless: break;
  }
  return 'E';
}

twiml::TwimlUse useOf(std::string_view use) {
  if (use == "conferenceWait") return twiml::TwimlUse::conferenceWait;
  if (use == "queueWait") return twiml::TwimlUse::queueWait;
  if (use == "screening") return twiml::TwimlUse::screening;
  return twiml::TwimlUse::call;
}

std::size_t lengthOf(const MenuPath& path) {
  std::size_t length = 0;
  for (const MenuStep& step : path) length += static_cast<std::size_t>(step.times);
  return length;
}

class Crawl final : public WalkListener {
 public:
  Crawl(std::shared_ptr<EventLoop> loop, CrawlOptions options)
      : loop_(std::move(loop)), options_(std::move(options)) {
    if (options_.provider.origins.empty()) {
      auto origin = originIn(options_.number.voiceUrl);
      if (!origin) {
        throw Error{ErrorKind::usage, "the address to crawl is not http or https: \"" +
                                          options_.number.voiceUrl + '"'};
      }
      options_.provider.origins.push_back(*std::move(origin));
    }
    if (!options_.provider.transport) options_.provider.transport = http::curlTransport();
    ignored_.insert(options_.ignored.begin(), options_.ignored.end());
    graph_.nodes.push_back({});
    jobs_.push_back({});
  }

  MenuGraph run() {
    if (options_.asksForStates) askForStates();
    while (fill() || !walks_.empty()) {
      const auto stop = loop_->run([this] { return std::ranges::any_of(walks_, isOver); },
                                   std::chrono::hours{24});
      if (stop != EventLoop::Stop::done) {
        for (const Lane& lane : walks_) lane.walk->giveUp();
      }
      collect();
      if (options_.onProgress) {
        options_.onProgress(
            {.questions = questions_, .calls = graph_.calls, .waiting = jobs_.size()});
      }
    }
    markWhatIsNotTried();
    findLoops();
    findSilentLoops();
    findUnreached();
    return std::move(graph_);
  }

 private:
  /// Something to try at a node that was found.
  struct Job {
    std::size_t node = 0;
    std::optional<Try> next = {};
  };
  struct Lane {
    std::size_t number = 0;  ///< Of the job.
    Job job = {};
    std::unique_ptr<Walk> walk = {};
  };
  struct Result {
    Job job = {};
    std::optional<Place> place = {};
    MenuPath path = {};
    int times = 0;
  };
  struct FoundState {
    std::string name = {};
    std::string uri = {};
    std::string kind = {};
  };

  static bool isOver(const Lane& lane) { return lane.walk->isOver(); }

  // ---- Calls.

  /// Begins as many calls as there may be at a time. False if there is nothing left to begin.
  bool fill() {
    while (!jobs_.empty() && walks_.size() < std::max<std::size_t>(options_.callsAtOnce, 1)) {
      if (mustStop()) return false;
      Job job = std::move(jobs_.front());
      jobs_.pop_front();
      const MenuNode& node = graph_.nodes[job.node];
      ProviderOptions provider = options_.provider;
      provider.seed += ++graph_.calls * kSeedsApart;
      auto walk =
          std::make_unique<Walk>(loop_, std::move(provider), options_.number, options_.call,
                                 WalkOptions{.path = node.path,
                                             .key = job.next ? keys_[job.node] : "",
                                             .next = job.next,
                                             .repeats = options_.repeats,
                                             .documentsInARow = options_.bounds.documentsInARow,
                                             .silence = options_.silence},
                                 *this);
      if (options_.onProvider) options_.onProvider(&walk->provider());
      walks_.push_back({.number = begun_++, .job = std::move(job), .walk = std::move(walk)});
    }
    return !jobs_.empty();
  }

  bool mustStop() {
    if (graph_.calls >= options_.bounds.calls) {
      hit("calls: " + std::to_string(options_.bounds.calls) + " were made; " +
          "what was left to try was not tried");
    } else if (graph_.documents >= options_.bounds.documents) {
      hit("documents: the application was asked for " + std::to_string(graph_.documents) +
          "; what was left to try was not tried");
    } else if (options_.isStopped && options_.isStopped()) {
      hit("the crawl was stopped; what was left to try was not tried");
    } else {
      return false;
    }
    for (const Job& job : jobs_) untried_.insert(job.node);
    jobs_.clear();
    return true;
  }

  /// Takes the results of calls that are over, in the order in which they were planned.
  void collect() {
    for (Lane& lane : walks_) {
      if (!isOver(lane)) continue;
      MenuPath path = lane.walk->done();
      if (!path.empty() && path.back().act.kind == Act::Kind::hangUp) path.pop_back();
      results_.emplace(lane.number, Result{.job = std::move(lane.job),
                                           .place = lane.walk->place(),
                                           .path = std::move(path),
                                           .times = lane.walk->times()});
      if (options_.onProvider) options_.onProvider(nullptr);
      lane.walk.reset();
    }
    std::erase_if(walks_, [](const Lane& lane) { return lane.walk == nullptr; });
    for (auto next = results_.begin(); next != results_.end() && next->first == taken_;
         next = results_.erase(next)) {
      ++taken_;
      take(std::move(next->second));
    }
  }

  void take(Result result) {
    if (!result.place) {
      found({.kind = "differs",
             .address = graph_.nodes[result.job.node].address,
             .message = "the same acts led to " + graph_.nodes[result.job.node].id +
                        " before, and do not now",
             .path = graph_.nodes[result.job.node].path});
      return;
    }
    MenuStep step;
    if (result.job.next) step = {.act = result.job.next->act, .times = result.times};
    const std::size_t to = nodeAt(*std::move(result.place), std::move(result.path));
    graph_.edges.push_back({.from = result.job.node, .to = to, .step = std::move(step)});
  }

  std::size_t nodeAt(Place place, MenuPath path) {
    const auto [known, isNew] = byKey_.try_emplace(place.key, graph_.nodes.size());
    if (!isNew) return known->second;
    const std::size_t at = graph_.nodes.size();
    const char letter = letterOf(place.kind);
    MenuNode node{.id = letter + std::to_string(++ids_[letter]),
                  .kind = place.kind,
                  .address = shown(place.address),
                  .document = place.document,
                  .detail = shown(place.detail),
                  .heard = place.heard,
                  .states = place.states,
                  .path = std::move(path)};
    for (std::string& heard : node.heard) heard = shown(std::move(heard));
    if (place.kind == Kind::endless) {
      found({.kind = "loop",
             .address = node.address,
             .message = "the call goes on and on, and nothing is asked",
             .path = node.path});
    }
    keys_.resize(at);
    keys_.push_back(place.key);
    if (place.kind == Kind::question) ++questions_;
    plan(at, node, place);
    graph_.nodes.push_back(std::move(node));
    return at;
  }

  void plan(std::size_t at, const MenuNode& node, const Place& place) {
    std::vector<Try> tries = triesAt(place, options_);
    if (tries.empty()) return;
    if (questions_ > options_.bounds.questions) {
      hit("questions: there are more than " + std::to_string(options_.bounds.questions) +
          "; the others were not tried");
      untried_.insert(at);
    } else if (lengthOf(node.path) >= options_.bounds.depth) {
      hit("depth: there are questions behind " + std::to_string(options_.bounds.depth) +
          " acts, which were not tried");
      untried_.insert(at);
    } else {
      for (Try& next : tries) jobs_.push_back({.node = at, .next = std::move(next)});
    }
  }

  /// A text without what is generated, and addresses of the application as paths.
  [[nodiscard]] std::string shown(std::string text) const {
    text = withoutGenerated(text);
    const std::string& origin = options_.provider.origins.front();
    for (std::size_t at = 0; (at = text.find(origin, at)) != std::string::npos;) {
      const std::size_t end = at + origin.size();
      if (end < text.size() && text[end] == '/') {
        text.erase(at, origin.size());
      } else {
        at = end;
      }
    }
    return text;
  }

  void hit(std::string bound) {
    if (std::ranges::find(graph_.bounds, bound) == graph_.bounds.end()) {
      graph_.bounds.push_back(std::move(bound));
    }
  }

  void markWhatIsNotTried() {
    for (const std::size_t node : untried_) graph_.nodes[node].isTried = false;
  }

  // ---- What the walks tell.

  void found(MenuFinding finding) override {
    if (ignored_.contains(finding.kind) || ignored_.contains(finding.code)) return;
    finding.address = shown(std::move(finding.address));
    finding.message = shown(std::move(finding.message));
    std::string key =
        finding.kind + '\n' + finding.code + '\n' + finding.address + '\n' + finding.message;
    const auto [known, isNew] = findings_.try_emplace(std::move(key), graph_.findings.size());
    if (!isNew) {
      ++graph_.findings[known->second].count;
    } else if (graph_.findings.size() < kMaxFindings) {
      graph_.findings.push_back(std::move(finding));
    } else {
      findings_.erase(known);
      hit("findings: more than " + std::to_string(kMaxFindings) + "; the others are not told");
    }
  }

  void executes(std::string_view document, std::string_view url, std::string_view use,
                const MenuPath& path) override {
    ++graph_.documents;
    std::string key = std::string{use} + '\n' + withoutGenerated(document);
    if (!linted_.insert(std::move(key)).second) return;
    const auto findings = twiml::lintTwiml(
        document, {.use = useOf(use), .url = std::string{url}, .allowsLocalAddresses = true});
    for (const twiml::Finding& one : findings) {
      const auto [line, column] = one.position;
      found({.kind = "lint",
             .code = std::string{one.rule},
             .address = withoutGenerated(url),
             .message = "line " + std::to_string(line) + ", column " + std::to_string(column) +
                        ": " + one.message,
             .path = path});
    }
  }

  void passed(std::string state) override { passed_.insert(std::move(state)); }

  void notPlayed(std::string what) override {
    if (notPlayed_.size() < kMaxFindings && notPlayed_.insert(what).second) {
      graph_.notPlayed.push_back(std::move(what));
    }
  }

  void requested(bool isAnswered) override {
    ++graph_.webhooks;
    if (isAnswered) ++graph_.answers;
  }

  // ---- What the whole tells.

  [[nodiscard]] std::string namesOf(const std::vector<std::size_t>& nodes) const {
    constexpr std::size_t kShown = 8;
    std::string names;
    for (std::size_t i = 0; i < std::min(nodes.size(), kShown); ++i) {
      names += (i == 0 ? "" : ", ") + graph_.nodes[nodes[i]].id;
    }
    return nodes.size() > kShown ? names + ", ..." : names;
  }

  /// Questions from which no answer leads to an end, to a person or to a recording.
  void findLoops() {
    std::vector<std::vector<std::size_t>> to(graph_.nodes.size());
    for (const MenuEdge& edge : graph_.edges) to[edge.from].push_back(edge.to);
    std::vector<std::vector<std::size_t>> from(to.size());
    for (std::size_t at = 0; at < to.size(); ++at) {
      for (const std::size_t next : to[at]) from[next].push_back(at);
    }
    std::vector<bool> hasWayOut(to.size());
    std::vector<std::size_t> open;
    for (std::size_t at = 0; at < to.size(); ++at) {
      const MenuNode& node = graph_.nodes[at];
      const bool isWayOut = (node.kind != Kind::question && node.kind != Kind::start) ||
                            !node.isTried || (to[at].empty() && node.kind == Kind::question);
      if (isWayOut) open.push_back(at);
    }
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      if (hasWayOut[at]) continue;
      hasWayOut[at] = true;
      open.insert(open.end(), from[at].begin(), from[at].end());
    }
    std::vector<bool> isTold(to.size());
    for (std::size_t at = 1; at < to.size(); ++at) {
      if (hasWayOut[at] || isTold[at]) continue;
      std::vector<std::size_t> all;
      open.push_back(at);
      while (!open.empty()) {
        const std::size_t next = open.back();
        open.pop_back();
        if (isTold[next]) continue;
        isTold[next] = true;
        all.push_back(next);
        open.insert(open.end(), to[next].begin(), to[next].end());
      }
      std::ranges::sort(all);
      found({.kind = "loop",
             .address = graph_.nodes[at].address,
             .message = "no answer leads out of " + namesOf(all),
             .path = graph_.nodes[at].path});
    }
  }

  /// Questions among which a caller goes round who says nothing at all, and who pays for it.
  void findSilentLoops() {
    std::vector<const MenuEdge*> silence(graph_.nodes.size());
    for (const MenuEdge& edge : graph_.edges) {
      if (edge.step.act.kind == Act::Kind::silence && edge.from != 0) silence[edge.from] = &edge;
    }
    std::vector<std::size_t> round(graph_.nodes.size());  // in which each was first seen, or 0
    for (std::size_t first = 1; first < graph_.nodes.size(); ++first) {
      MenuPath path = graph_.nodes[first].path;
      std::size_t at = first;
      while (round[at] == 0) {
        round[at] = first;
        if (silence[at] == nullptr) break;
        path.push_back(silence[at]->step);
        at = silence[at]->to;
      }
      if (round[at] != first || silence[at] == nullptr) continue;
      std::vector<std::size_t> circle{at};
      while (silence[circle.back()]->to != at) circle.push_back(silence[circle.back()]->to);
      found({.kind = "silent-loop",
             .address = graph_.nodes[at].address,
             .message = "a caller who is silent never gets out of " + namesOf(circle),
             .path = std::move(path)});
    }
  }

  // ---- States.

  void askForStates() {
    const std::string url = options_.provider.origins.front() + "/.ivr/states";
    http::OutgoingRequest request{.method = "GET", .url = url};
    if (!options_.provider.authToken.empty()) {
      request.headers.add(security::kSignatureHeader,
                          security::sign(options_.provider.authToken, url, {}));
    }
    const auto outcome = std::make_shared<std::optional<Settled<http::IncomingResponse>>>();
    auto work = std::make_shared<EventLoop::Work>(loop_->work("GET " + url));
    options_.provider.transport->send(std::move(request))
        .receive([outcome, work, loop = loop_](Settled<http::IncomingResponse> settled) mutable {
          // Not on the thread of the transport.
          loop->post([outcome, settled = std::move(settled)]() mutable {
            outcome->emplace(std::move(settled));
          });
          *work = {};
        });
    (void)loop_->run([&] { return outcome->has_value(); }, std::chrono::hours{1});
    if (!*outcome) return;
    if (const auto* response = std::get_if<0>(&**outcome); response != nullptr) {
      if (response->status == 200) readStates(response->body);
    }
  }

  void readStates(const std::string& text) {
    const auto all = nlohmann::json::parse(text, nullptr, false);
    if (!all.is_object() || !all.contains("states") || !all["states"].is_array()) return;
    graph_.tellsStates = true;
    for (const auto& one : all["states"]) {
      if (!one.is_object() || !one.contains("name") || !one["name"].is_string()) continue;
      const auto textAt = [&](const char* name) {
        return one.contains(name) && one[name].is_string() ? one[name].get<std::string>() : "";
      };
      states_.push_back({.name = textAt("name"), .uri = textAt("uri"), .kind = textAt("kind")});
    }
    graph_.states = states_.size();
  }

  void findUnreached() {
    for (const FoundState& state : states_) {
      if (passed_.contains(state.name)) continue;
      MenuFinding finding{.kind = "unreached",
                          .address = state.uri,
                          .message = "no call came to the state " + state.name,
                          .hasPath = false};
      if (!state.kind.empty()) finding.message += " (" + state.kind + ')';
      if (!graph_.bounds.empty()) finding.message += "; but not everything was tried";
      found(std::move(finding));
    }
  }

  std::shared_ptr<EventLoop> loop_;
  CrawlOptions options_;
  MenuGraph graph_;

  std::deque<Job> jobs_;
  std::vector<Lane> walks_;
  std::size_t begun_ = 0;
  std::size_t taken_ = 0;
  std::map<std::size_t, Result> results_;  ///< That came before their turn.

  std::vector<std::string> keys_;  ///< Of the nodes.
  std::unordered_map<std::string, std::size_t> byKey_;
  std::map<char, std::size_t> ids_;
  std::size_t questions_ = 0;
  std::set<std::size_t> untried_;

  std::set<std::string, std::less<>> ignored_;
  std::unordered_map<std::string, std::size_t> findings_;
  std::unordered_set<std::string> linted_;
  std::set<std::string> notPlayed_;
  std::vector<FoundState> states_;
  std::set<std::string> passed_;
};

}  // namespace

MenuGraph crawl(const std::shared_ptr<EventLoop>& loop, CrawlOptions options) {
  return Crawl{loop, std::move(options)}.run();
}

}  // namespace ivr::phone
