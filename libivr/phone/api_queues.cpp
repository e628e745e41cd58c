// Queues, and those who wait in them.

#include "phone/api_operations.hpp"
#include "phone/api_request.hpp"
#include "phone/call_queue.hpp"
#include "phone/leg.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ivr::phone {

namespace {

rest::QueueResource queueResource(const ApiRequest& request, const CallQueue& queue) {
  rest::QueueResource resource;
  resource.sid = queue.sid;
  resource.accountSid = request.board().options().accountSid;
  resource.friendlyName = queue.name;
  resource.currentSize = static_cast<int>(queue.waiting());
  resource.maxSize = static_cast<int>(queue.maxSize);
  resource.averageWaitTime = queue.averageTime();
  resource.dateCreated = request.time(queue.created);
  resource.dateUpdated = request.time(queue.created);
  resource.uri = request.uri("/Queues/" + queue.sid + ".json");
  resource.subresourceUris = {{"members", request.uri("/Queues/" + queue.sid + "/Members.json")}};
  return resource;
}

rest::MemberResource memberResource(const ApiRequest& request, const CallQueue& queue,
                                    const CallQueue::Member& member) {
  rest::MemberResource resource;
  resource.callSid = member.leg->sid;
  resource.queueSid = queue.sid;
  resource.position = static_cast<int>(queue.positionOf(member));
  resource.waitTime =
      std::chrono::floor<std::chrono::seconds>(request.board().now() - member.entered);
  resource.dateEnqueued = request.time(member.entered);
  resource.uri = request.uri("/Queues/" + queue.sid + "/Members/" + member.leg->sid + ".json");
  return resource;
}

/// The one that the path names.
std::shared_ptr<CallQueue> queueOf(const ApiRequest& request) {
  const auto& queues = request.board().queues;
  const auto found = std::ranges::find(queues, request.parameter(0), &CallQueue::sid);
  if (found == queues.end()) request.refuseAsNotFound();
  return *found;
}

/// The one that the path names, also as `Front`. Whoever is being connected is out already.
CallQueue::Member& memberOf(const ApiRequest& request, CallQueue& queue) {
  if (request.parameter(1) == rest::kFrontMember) {
    for (const CallQueue::Member& one : queue.members()) {
      if (!one.isTaken) return *queue.find(one.leg->sid);
    }
    request.refuseAsNotFound();
  }
  auto* const found = queue.find(request.parameter(1));
  if (found == nullptr || found->isTaken) request.refuseAsNotFound();
  return *found;
}

}  // namespace

std::string createQueue(const ApiRequest& request) {
  const auto create = request.asked<rest::CreateQueue>({"FriendlyName", "MaxSize"});
  Switchboard& board = request.board();
  if (board.queue(create.friendlyName, /*makes=*/false)) refuse(20409);
  const auto made = board.queue(create.friendlyName, /*makes=*/true);
  if (create.maxSize) made->maxSize = static_cast<std::size_t>(std::max(*create.maxSize, 0));
  return rest::jsonOf(queueResource(request, *made));
}

std::string listQueues(const ApiRequest& request) {
  const auto filter = request.asked<rest::ListQueues>({});
  return request.page(
      request.board().queues, filter, [](const auto& one) { return one->sid; },
      [&](const auto& one) { return queueResource(request, *one); });
}

std::string fetchQueue(const ApiRequest& request) {
  return rest::jsonOf(queueResource(request, *queueOf(request)));
}

std::string updateQueue(const ApiRequest& request) {
  const auto queue = queueOf(request);
  const auto update = request.asked<rest::UpdateQueue>({"FriendlyName", "MaxSize"});
  if (update.friendlyName) {
    const auto other = request.board().queue(*update.friendlyName, /*makes=*/false);
    if (other && other != queue) refuse(20409);
    queue->name = *update.friendlyName;
  }
  if (update.maxSize) queue->maxSize = static_cast<std::size_t>(std::max(*update.maxSize, 0));
  return rest::jsonOf(queueResource(request, *queue));
}

std::string deleteQueue(const ApiRequest& request) {
  const auto queue = queueOf(request);
  if (!queue->members().empty()) refuse(20409);
  std::erase(request.board().queues, queue);
  return {};
}

std::string listMembers(const ApiRequest& request) {
  const auto queue = queueOf(request);
  const auto filter = request.asked<rest::ListMembers>({});
  std::vector<const CallQueue::Member*> all;
  for (const auto& one : queue->members()) {
    if (!one.isTaken) all.push_back(&one);
  }
  return request.page(
      all, filter, [](const CallQueue::Member* one) { return one->leg->sid; },
      [&](const CallQueue::Member* one) { return memberResource(request, *queue, *one); });
}

std::string fetchMember(const ApiRequest& request) {
  const auto queue = queueOf(request);
  return rest::jsonOf(memberResource(request, *queue, memberOf(request, *queue)));
}

std::string dequeueMember(const ApiRequest& request) {
  const auto queue = queueOf(request);
  const CallQueue::Member& one = memberOf(request, *queue);
  const auto leave = request.asked<rest::DequeueMember>({"Url", "Method"});
  std::string body = rest::jsonOf(memberResource(request, *queue, one));
  const auto leg = one.leg;
  leg->redirect(leave.url, leave.method.value_or(HttpMethod::post), "");
  return body;
}

}  // namespace ivr::phone
