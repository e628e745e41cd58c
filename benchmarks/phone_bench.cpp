// What a call costs that the phone plays in simulated time, with an application in the same
// process.

#include <ivr/http/handler_transport.hpp>
#include <ivr/phone/provider.hpp>

#include <benchmark/benchmark.h>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace ivr;
using namespace std::chrono_literals;

Response document(std::string verbs) {
  return {.status = 200,
          .headers = {{"Content-Type", "text/xml"}},
          .body = "<Response>" + std::move(verbs) + "</Response>"};
}

/// A menu of one question, and a queue whose callers hear a sentence every ten seconds.
Response answer(const Request& request) {
  const std::string_view path = request.path();
  if (path == "/voice") {
    return document(
        "<Gather action=\"/choice\" numDigits=\"1\"><Say>For sales press one.</Say></Gather>");
  }
  if (path == "/queue") return document("<Enqueue waitUrl=\"/wait\">sales</Enqueue>");
  if (path == "/wait") return document("<Say>Please hold.</Say><Pause length=\"9\"/>");
  return document("<Say>Goodbye.</Say>");
}

struct World {
  explicit World(const std::string& path)
      : provider(loop, {.authToken = "token",
                        .transport = http::handlerTransport(answer),
                        .origins = {"http://app.example"},
                        .waitsForAnswers = false}) {
    provider.setNumber("+15550100", {.voiceUrl = "http://app.example" + path});
  }

  std::shared_ptr<phone::EventLoop> loop = std::make_shared<phone::EventLoop>();
  phone::Provider provider;
};

/// 45 minutes in a queue, 270 documents.
void waitInAQueue(benchmark::State& state) {
  for (auto _ : state) {
    World world{"/queue"};
    (void)world.provider.call({.to = "+15550100"});
    (void)world.loop->run([] { return false; }, 45min);
    benchmark::DoNotOptimize(world.provider.timeline().size());
  }
}
BENCHMARK(waitInAQueue);

/// A question, a key and a goodbye.
void callOfOneQuestion(benchmark::State& state) {
  World world{"/voice"};
  for (auto _ : state) {
    const std::string sid = world.provider.call({.to = "+15550100"});
    (void)world.loop->run(
        [&] { return world.provider.find(sid)->activity == phone::Activity::asked; }, 1min);
    (void)world.provider.press(sid, "1");
    (void)world.loop->run([&] { return world.provider.find(sid)->isOver(); }, 1min);
  }
}
BENCHMARK(callOfOneQuestion)->Iterations(2000);

}  // namespace
