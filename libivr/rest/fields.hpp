#pragma once
// The fields sent for each request, under the names of the API.

#include "ivr/http/form.hpp"
#include "ivr/rest/calls.hpp"
#include "ivr/rest/conferences.hpp"
#include "ivr/rest/messages.hpp"
#include "ivr/rest/participants.hpp"
#include "ivr/rest/queues.hpp"
#include "ivr/rest/recordings.hpp"

namespace ivr::rest {

// Each throws `Error{usage}` for invalid values.

[[nodiscard]] Form fieldsOf(const CreateCall& call);
[[nodiscard]] Form fieldsOf(const ListCalls& filter);
[[nodiscard]] Form fieldsOf(const UpdateCall& update);
[[nodiscard]] Form fieldsOf(const ListConferences& filter);
[[nodiscard]] Form fieldsOf(const UpdateConference& update);
[[nodiscard]] Form fieldsOf(const CreateParticipant& participant);
[[nodiscard]] Form fieldsOf(const ListParticipants& filter);
[[nodiscard]] Form fieldsOf(const UpdateParticipant& update);
[[nodiscard]] Form fieldsOf(const CreateQueue& queue);
[[nodiscard]] Form fieldsOf(const ListQueues& filter);
[[nodiscard]] Form fieldsOf(const UpdateQueue& update);
[[nodiscard]] Form fieldsOf(const ListMembers& filter);
[[nodiscard]] Form fieldsOf(const DequeueMember& leave);
[[nodiscard]] Form fieldsOf(const ListRecordings& filter);
[[nodiscard]] Form fieldsOf(const ListCallRecordings& filter);
[[nodiscard]] Form fieldsOf(const StartRecording& recording);
[[nodiscard]] Form fieldsOf(const UpdateRecording& update);
[[nodiscard]] Form fieldsOf(const CreateMessage& message);

}  // namespace ivr::rest
