#include "twiml/corpus.hpp"

namespace ivr::support {

using namespace ivr::twiml;

std::vector<CorpusDocument> startDocuments() {
  return {
      {"start_recording_every_attribute",
       Twiml{Start{.action = "/started",
                   .method = HttpMethod::post,
                   .nouns = {Recording{
                       .channels = RecordingChannels::mono,
                       .name = "both of us",
                       .recordingConfigurationId = "CF0123456789abcdef0123456789abcdef",
                       .recordingStatusCallback = "https://example.com/recording",
                       .recordingStatusCallbackEvent = {RecordingEvent::inProgress,
                                                        RecordingEvent::completed},
                       .recordingStatusCallbackMethod = HttpMethod::get,
                       .track = RecordingTrack::inbound,
                       .trim = Trim::doNotTrim}}},
             Say{"This call is recorded."}}},
      {"start_siprec_every_attribute",
       Twiml{Start{.nouns = {Siprec{.connectorName = "recorder",
                                    .name = "siprec 1",
                                    .statusCallback = "https://example.com/siprec",
                                    .statusCallbackMethod = HttpMethod::get,
                                    .track = StreamTrack::bothTracks,
                                    .nouns = {Parameter{.name = "agent", .value = "ann"}}}}}}},
      {"start_stream_every_attribute",
       Twiml{Start{.nouns = {Stream{.connectorName = "connector",
                                    .name = "live",
                                    .statusCallback = "https://example.com/stream",
                                    .statusCallbackMethod = HttpMethod::post,
                                    .track = StreamTrack::outboundTrack,
                                    .url = "wss://example.com/media"}}}}},
      {"start_transcription_every_attribute",
       Twiml{Start{.nouns = {Transcription{
                       .enableAutomaticPunctuation = true,
                       .hints = "lunch, $OPERAND",
                       .inboundTrackLabel = "customer",
                       .intelligenceService = "GA0123456789abcdef0123456789abcdef",
                       .languageCode = "en-US",
                       .name = "words",
                       .outboundTrackLabel = "agent",
                       .partialResults = false,
                       .profanityFilter = true,
                       .speechModel = "telephony",
                       .statusCallbackMethod = HttpMethod::post,
                       .statusCallbackUrl = "https://example.com/words",
                       .track = StreamTrack::bothTracks,
                       .transcriptionEngine = "google",
                       .nouns = {TwimlConfig{.name = "model", .value = "long"}, TwimlConfig{},
                                 Parameter{.name = "order", .value = "17"}}}}}}},
      {"start_several", Twiml{Start{.nouns = {Stream{.name = "a", .url = "wss://example.com/a"},
                                              Recording{}, Stream{.url = "wss://example.com/b"},
                                              Siprec{.name = "s"}, Transcription{.name = "t"}}}}},
      {"stop_by_name", Twiml{Stop{.nouns = {Recording{.name = "both of us"}, Siprec{.name = "s"},
                                            Stream{.name = "a"}, Transcription{.name = "t"}}},
                             Hangup{}}},
  };
}

}  // namespace ivr::support
