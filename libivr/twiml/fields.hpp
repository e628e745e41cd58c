#pragma once
// How each element is written: its name, its attributes in the order of the schema, and what stands
// inside it.
//
// Written by twiml/schema/generate.

#include "ivr/twiml/verbs.hpp"
#include "twiml/field.hpp"

#include <tuple>

namespace ivr::twiml {

template <>
struct Fields<Parameter> {
  static constexpr std::string_view name = "Parameter";
  static constexpr std::tuple attributes{Field{"name", &Parameter::name},
                                         Field{"value", &Parameter::value}};
};

template <>
struct Fields<TwimlConfig> {
  static constexpr std::string_view name = "Config";
  static constexpr std::tuple attributes{Field{"name", &TwimlConfig::name},
                                         Field{"value", &TwimlConfig::value}};
};

template <>
struct Fields<Language> {
  static constexpr std::string_view name = "Language";
  static constexpr std::tuple attributes{
      Field{"code", &Language::code}, Field{"speechModel", &Language::speechModel},
      Field{"transcriptionProvider", &Language::transcriptionProvider},
      Field{"ttsProvider", &Language::ttsProvider}, Field{"voice", &Language::voice}};
};

template <>
struct Fields<SsmlBreak> {
  static constexpr std::string_view name = "break";
  static constexpr std::tuple attributes{Field{"strength", &SsmlBreak::strength},
                                         Field{"time", &SsmlBreak::time, Limits{}, "ms"}};
};

template <>
struct Fields<SsmlPhoneme> {
  static constexpr std::string_view name = "phoneme";
  static constexpr std::tuple attributes{Field{"alphabet", &SsmlPhoneme::alphabet},
                                         Field{"ph", &SsmlPhoneme::ph}};
  static constexpr auto text = &SsmlPhoneme::text;
};

template <>
struct Fields<SsmlSayAs> {
  static constexpr std::string_view name = "say-as";
  static constexpr std::tuple attributes{Field{"format", &SsmlSayAs::format},
                                         Field{"interpret-as", &SsmlSayAs::interpretAs}};
  static constexpr auto text = &SsmlSayAs::text;
};

template <>
struct Fields<SsmlSub> {
  static constexpr std::string_view name = "sub";
  static constexpr std::tuple attributes{Field{"alias", &SsmlSub::alias}};
  static constexpr auto text = &SsmlSub::text;
};

template <>
struct Fields<SsmlEmphasis> {
  static constexpr std::string_view name = "emphasis";
  static constexpr std::tuple attributes{Field{"level", &SsmlEmphasis::level}};
  static constexpr auto text = &SsmlEmphasis::text;
};

template <>
struct Fields<SsmlLang> {
  static constexpr std::string_view name = "lang";
  static constexpr std::tuple attributes{
      Field{"xml:lang", &SsmlLang::xmlLang, Limits{.code = 12200}}};
  static constexpr auto text = &SsmlLang::text;
};

template <>
struct Fields<SsmlP> {
  static constexpr std::string_view name = "p";
  static constexpr std::tuple<> attributes{};
  static constexpr auto text = &SsmlP::text;
};

template <>
struct Fields<SsmlProsody> {
  static constexpr std::string_view name = "prosody";
  static constexpr std::tuple attributes{Field{"pitch", &SsmlProsody::pitch},
                                         Field{"rate", &SsmlProsody::rate},
                                         Field{"volume", &SsmlProsody::volume}};
  static constexpr auto text = &SsmlProsody::text;
};

template <>
struct Fields<SsmlS> {
  static constexpr std::string_view name = "s";
  static constexpr std::tuple<> attributes{};
  static constexpr auto text = &SsmlS::text;
};

template <>
struct Fields<SsmlW> {
  static constexpr std::string_view name = "w";
  static constexpr std::tuple attributes{Field{"role", &SsmlW::role}};
  static constexpr auto text = &SsmlW::text;
};

template <>
struct Fields<Say> {
  static constexpr std::string_view name = "Say";
  static constexpr std::tuple attributes{
      Field{"language", &Say::language},
      Field{"loop", &Say::loop, Limits{.code = 13510, .least = 0, .most = 1000}},
      Field{"voice", &Say::voice}};
  static constexpr auto text = &Say::text;
};

template <>
struct Fields<Play> {
  static constexpr std::string_view name = "Play";
  static constexpr std::tuple attributes{
      Field{"digits", &Play::digits, Limits{.code = 13430}},
      Field{"loop", &Play::loop, Limits{.code = 13410, .least = 0, .most = 1000}}};
  static constexpr auto text = &Play::url;
};

template <>
struct Fields<Pause> {
  static constexpr std::string_view name = "Pause";
  static constexpr std::tuple attributes{
      Field{"length", &Pause::length, Limits{.code = 13910, .least = 1}}};
};

template <>
struct Fields<Gather> {
  static constexpr std::string_view name = "Gather";
  static constexpr std::tuple attributes{
      Field{"action", &Gather::action},
      Field{"actionOnEmptyResult", &Gather::actionOnEmptyResult, Limits{.code = 13338}},
      Field{"bargeIn", &Gather::bargeIn, Limits{.code = 13332}},
      Field{"debug", &Gather::debug},
      Field{"enhanced", &Gather::enhanced},
      Field{"finishOnKey", &Gather::finishOnKey, Limits{.code = 13310}},
      Field{"hints", &Gather::hints, Limits{.code = 13330}},
      Field{"input", &Gather::input, Limits{.code = 13326}},
      Field{"language", &Gather::language, Limits{.code = 13331}},
      Field{"maxSpeechTime", &Gather::maxSpeechTime, Limits{.code = 13328, .least = 1}},
      Field{"method", &Gather::method, Limits{.code = 13312}},
      Field{"numDigits", &Gather::numDigits, Limits{.code = 13314, .least = 1}},
      Field{"partialResultCallback", &Gather::partialResultCallback},
      Field{"partialResultCallbackMethod", &Gather::partialResultCallbackMethod,
            Limits{.code = 13329}},
      Field{"profanityFilter", &Gather::profanityFilter, Limits{.code = 13333}},
      Field{"speechModel", &Gather::speechModel},
      Field{"speechTimeout", &Gather::speechTimeout, Limits{.code = 13327, .least = 1}},
      Field{"timeout", &Gather::timeout, Limits{.code = 13313, .least = 1}}};
  static constexpr auto nouns = &Gather::prompt;
  static constexpr int unexpected = 13320;
};

template <>
struct Fields<ApplicationSid> {
  static constexpr std::string_view name = "ApplicationSid";
  static constexpr std::tuple<> attributes{};
  static constexpr auto text = &ApplicationSid::sid;
};

template <>
struct Fields<Application> {
  static constexpr std::string_view name = "Application";
  static constexpr std::tuple attributes{
      Field{"copyParentTo", &Application::copyParentTo},
      Field{"customerId", &Application::customerId},
      Field{"method", &Application::method},
      Field{"statusCallback", &Application::statusCallback},
      Field{"statusCallbackEvent", &Application::statusCallbackEvent},
      Field{"statusCallbackMethod", &Application::statusCallbackMethod},
      Field{"url", &Application::url}};
  static constexpr auto text = &Application::sid;
  static constexpr auto nouns = &Application::nouns;
};

template <>
struct Fields<Identity> {
  static constexpr std::string_view name = "Identity";
  static constexpr std::tuple<> attributes{};
  static constexpr auto text = &Identity::identity;
};

template <>
struct Fields<Client> {
  static constexpr std::string_view name = "Client";
  static constexpr std::tuple attributes{
      Field{"clientNotificationUrl", &Client::clientNotificationUrl},
      Field{"method", &Client::method},
      Field{"statusCallback", &Client::statusCallback},
      Field{"statusCallbackEvent", &Client::statusCallbackEvent},
      Field{"statusCallbackMethod", &Client::statusCallbackMethod},
      Field{"url", &Client::url}};
  static constexpr auto text = &Client::identity;
  static constexpr auto nouns = &Client::nouns;
};

template <>
struct Fields<Conference> {
  static constexpr std::string_view name = "Conference";
  static constexpr std::tuple attributes{
      Field{"beep", &Conference::beep, Limits{.code = 13235}},
      Field{"coach", &Conference::coach, Limits{.code = 13240}},
      Field{"endConferenceOnExit", &Conference::endConferenceOnExit, Limits{.code = 13231}},
      Field{"eventCallbackUrl", &Conference::eventCallbackUrl},
      Field{"jitterBufferSize", &Conference::jitterBufferSize},
      Field{"maxParticipants", &Conference::maxParticipants, Limits{.least = 2, .most = 250}},
      Field{"muted", &Conference::muted, Limits{.code = 13230}},
      Field{"participantLabel", &Conference::participantLabel, Limits{.code = 16023}},
      Field{"record", &Conference::record},
      Field{"recordingConfigurationId", &Conference::recordingConfigurationId},
      Field{"recordingStatusCallback", &Conference::recordingStatusCallback, Limits{.code = 13256}},
      Field{"recordingStatusCallbackEvent", &Conference::recordingStatusCallbackEvent},
      Field{"recordingStatusCallbackMethod", &Conference::recordingStatusCallbackMethod},
      Field{"region", &Conference::region},
      Field{"startConferenceOnEnter", &Conference::startConferenceOnEnter, Limits{.code = 13232}},
      Field{"statusCallback", &Conference::statusCallback},
      Field{"statusCallbackEvent", &Conference::statusCallbackEvent},
      Field{"statusCallbackMethod", &Conference::statusCallbackMethod},
      Field{"trim", &Conference::trim, Limits{.code = 13239}},
      Field{"waitMethod", &Conference::waitMethod, Limits{.code = 13234}},
      Field{"waitUrl", &Conference::waitUrl, Limits{.code = 13233}}};
  static constexpr auto text = &Conference::name;
};

template <>
struct Fields<Number> {
  static constexpr std::string_view name = "Number";
  static constexpr std::tuple attributes{
      Field{"amdStatusCallback", &Number::amdStatusCallback},
      Field{"amdStatusCallbackMethod", &Number::amdStatusCallbackMethod},
      Field{"byoc", &Number::byoc},
      Field{"machineDetection", &Number::machineDetection},
      Field{"machineDetectionSilenceTimeout", &Number::machineDetectionSilenceTimeout,
            Limits{.least = 2000, .most = 10000}},
      Field{"machineDetectionSpeechEndThreshold", &Number::machineDetectionSpeechEndThreshold,
            Limits{.least = 500, .most = 5000}},
      Field{"machineDetectionSpeechThreshold", &Number::machineDetectionSpeechThreshold,
            Limits{.least = 1000, .most = 6000}},
      Field{"machineDetectionTimeout", &Number::machineDetectionTimeout,
            Limits{.least = 3, .most = 60}},
      Field{"method", &Number::method, Limits{.code = 13221}},
      Field{"sendDigits", &Number::sendDigits, Limits{.code = 13222}},
      Field{"statusCallback", &Number::statusCallback},
      Field{"statusCallbackEvent", &Number::statusCallbackEvent},
      Field{"statusCallbackMethod", &Number::statusCallbackMethod},
      Field{"url", &Number::url}};
  static constexpr auto text = &Number::phoneNumber;
};

template <>
struct Fields<Queue> {
  static constexpr std::string_view name = "Queue";
  static constexpr std::tuple attributes{
      Field{"method", &Queue::method, Limits{.code = 14210}},
      Field{"postWorkActivitySid", &Queue::postWorkActivitySid},
      Field{"reservationSid", &Queue::reservationSid, Limits{.code = 14215}},
      Field{"url", &Queue::url, Limits{.code = 14211}}};
  static constexpr auto text = &Queue::name;
};

template <>
struct Fields<Sim> {
  static constexpr std::string_view name = "Sim";
  static constexpr std::tuple<> attributes{};
  static constexpr auto text = &Sim::sid;
};

template <>
struct Fields<SipHeader> {
  static constexpr std::string_view name = "Header";
  static constexpr std::tuple attributes{Field{"name", &SipHeader::name, Limits{.code = 13252}},
                                         Field{"value", &SipHeader::value, Limits{.code = 13253}}};
};

template <>
struct Fields<SipHeaders> {
  static constexpr std::string_view name = "Headers";
  static constexpr std::tuple<> attributes{};
  static constexpr auto nouns = &SipHeaders::nouns;
};

template <>
struct Fields<SipUri> {
  static constexpr std::string_view name = "Uri";
  static constexpr std::tuple attributes{
      Field{"password", &SipUri::password}, Field{"priority", &SipUri::priority},
      Field{"username", &SipUri::username}, Field{"weight", &SipUri::weight}};
  static constexpr auto text = &SipUri::uri;
};

template <>
struct Fields<Sip> {
  static constexpr std::string_view name = "Sip";
  static constexpr std::tuple attributes{
      Field{"amdStatusCallback", &Sip::amdStatusCallback},
      Field{"amdStatusCallbackMethod", &Sip::amdStatusCallbackMethod},
      Field{"machineDetection", &Sip::machineDetection},
      Field{"machineDetectionSilenceTimeout", &Sip::machineDetectionSilenceTimeout,
            Limits{.least = 2000, .most = 10000}},
      Field{"machineDetectionSpeechEndThreshold", &Sip::machineDetectionSpeechEndThreshold,
            Limits{.least = 500, .most = 5000}},
      Field{"machineDetectionSpeechThreshold", &Sip::machineDetectionSpeechThreshold,
            Limits{.least = 1000, .most = 6000}},
      Field{"machineDetectionTimeout", &Sip::machineDetectionTimeout,
            Limits{.least = 3, .most = 60}},
      Field{"method", &Sip::method, Limits{.code = 13241}},
      Field{"password", &Sip::password, Limits{.code = 13249}},
      Field{"statusCallback", &Sip::statusCallback},
      Field{"statusCallbackEvent", &Sip::statusCallbackEvent},
      Field{"statusCallbackMethod", &Sip::statusCallbackMethod},
      Field{"url", &Sip::url},
      Field{"username", &Sip::username, Limits{.code = 13249}}};
  static constexpr auto text = &Sip::uri;
  static constexpr auto nouns = &Sip::nouns;
};

template <>
struct Fields<WhatsApp> {
  static constexpr std::string_view name = "WhatsApp";
  static constexpr std::tuple attributes{
      Field{"method", &WhatsApp::method}, Field{"statusCallback", &WhatsApp::statusCallback},
      Field{"statusCallbackEvent", &WhatsApp::statusCallbackEvent},
      Field{"statusCallbackMethod", &WhatsApp::statusCallbackMethod}, Field{"url", &WhatsApp::url}};
  static constexpr auto text = &WhatsApp::phoneNumber;
};

template <>
struct Fields<Dial> {
  static constexpr std::string_view name = "Dial";
  static constexpr std::tuple attributes{
      Field{"action", &Dial::action},
      Field{"answerOnBridge", &Dial::answerOnBridge, Limits{.code = 13219}},
      Field{"callReason", &Dial::callReason},
      Field{"callerId", &Dial::callerId, Limits{.code = 13214}},
      Field{"events", &Dial::events},
      Field{"hangupOnStar", &Dial::hangupOnStar, Limits{.code = 13213}},
      Field{"method", &Dial::method, Limits{.code = 13210}},
      Field{"passports", &Dial::passports},
      Field{"record", &Dial::record, Limits{.code = 13217}},
      Field{"recordingConfigurationId", &Dial::recordingConfigurationId},
      Field{"recordingStatusCallback", &Dial::recordingStatusCallback, Limits{.code = 13256}},
      Field{"recordingStatusCallbackEvent", &Dial::recordingStatusCallbackEvent,
            Limits{.code = 13621}},
      Field{"recordingStatusCallbackMethod", &Dial::recordingStatusCallbackMethod},
      Field{"recordingTrack", &Dial::recordingTrack, Limits{.code = 13622}},
      Field{"referMethod", &Dial::referMethod},
      Field{"referUrl", &Dial::referUrl},
      Field{"ringTone", &Dial::ringTone, Limits{.code = 13220}},
      Field{"sequential", &Dial::sequential, Limits{.code = 13218}},
      Field{"timeLimit", &Dial::timeLimit, Limits{.code = 13216, .least = 1, .most = 86400}},
      Field{"timeout", &Dial::timeout, Limits{.code = 13212, .least = 5, .most = 600}},
      Field{"trim", &Dial::trim}};
  static constexpr auto text = &Dial::phoneNumber;
  static constexpr auto nouns = &Dial::nouns;
  static constexpr int unexpected = 13215;
};

template <>
struct Fields<ReferSip> {
  static constexpr std::string_view name = "Sip";
  static constexpr std::tuple<> attributes{};
  static constexpr auto text = &ReferSip::uri;
};

template <>
struct Fields<Refer> {
  static constexpr std::string_view name = "Refer";
  static constexpr std::tuple attributes{Field{"action", &Refer::action},
                                         Field{"method", &Refer::method}};
  static constexpr auto nouns = &Refer::nouns;
};

template <>
struct Fields<Stream> {
  static constexpr std::string_view name = "Stream";
  static constexpr std::tuple attributes{
      Field{"audioFormat", &Stream::audioFormat},
      Field{"connectorName", &Stream::connectorName},
      Field{"name", &Stream::name},
      Field{"sampleRate", &Stream::sampleRate},
      Field{"statusCallback", &Stream::statusCallback},
      Field{"statusCallbackMethod", &Stream::statusCallbackMethod},
      Field{"track", &Stream::track},
      Field{"url", &Stream::url}};
  static constexpr auto nouns = &Stream::nouns;
};

template <>
struct Fields<AiSession> {
  static constexpr std::string_view name = "AiSession";
  static constexpr std::tuple attributes{
      Field{"aiConnector", &AiSession::aiConnector},
      Field{"aiSessionConfiguration", &AiSession::aiSessionConfiguration}};
};

template <>
struct Fields<Assistant> {
  static constexpr std::string_view name = "Assistant";
  static constexpr std::tuple attributes{
      Field{"debug", &Assistant::debug},
      Field{"dtmfDetection", &Assistant::dtmfDetection},
      Field{"elevenlabsTextNormalization", &Assistant::elevenlabsTextNormalization},
      Field{"hints", &Assistant::hints},
      Field{"id", &Assistant::id},
      Field{"intelligenceService", &Assistant::intelligenceService},
      Field{"interruptSensitivity", &Assistant::interruptSensitivity},
      Field{"interruptible", &Assistant::interruptible},
      Field{"language", &Assistant::language},
      Field{"partialPrompts", &Assistant::partialPrompts},
      Field{"preemptible", &Assistant::preemptible},
      Field{"profanityFilter", &Assistant::profanityFilter},
      Field{"reportInputDuringAgentSpeech", &Assistant::reportInputDuringAgentSpeech},
      Field{"speechModel", &Assistant::speechModel},
      Field{"transcriptionLanguage", &Assistant::transcriptionLanguage},
      Field{"transcriptionProvider", &Assistant::transcriptionProvider},
      Field{"ttsLanguage", &Assistant::ttsLanguage},
      Field{"ttsProvider", &Assistant::ttsProvider},
      Field{"voice", &Assistant::voice},
      Field{"welcomeGreeting", &Assistant::welcomeGreeting},
      Field{"welcomeGreetingInterruptible", &Assistant::welcomeGreetingInterruptible}};
  static constexpr auto nouns = &Assistant::nouns;
};

template <>
struct Fields<Autopilot> {
  static constexpr std::string_view name = "Autopilot";
  static constexpr std::tuple<> attributes{};
  static constexpr auto text = &Autopilot::name;
};

template <>
struct Fields<Conversation> {
  static constexpr std::string_view name = "Conversation";
  static constexpr std::tuple attributes{
      Field{"inboundAutocreation", &Conversation::inboundAutocreation},
      Field{"inboundTimeout", &Conversation::inboundTimeout},
      Field{"method", &Conversation::method},
      Field{"record", &Conversation::record},
      Field{"recordingStatusCallback", &Conversation::recordingStatusCallback},
      Field{"recordingStatusCallbackEvent", &Conversation::recordingStatusCallbackEvent},
      Field{"recordingStatusCallbackMethod", &Conversation::recordingStatusCallbackMethod},
      Field{"routingAssignmentTimeout", &Conversation::routingAssignmentTimeout},
      Field{"serviceInstanceSid", &Conversation::serviceInstanceSid},
      Field{"statusCallback", &Conversation::statusCallback},
      Field{"statusCallbackEvent", &Conversation::statusCallbackEvent},
      Field{"statusCallbackMethod", &Conversation::statusCallbackMethod},
      Field{"trim", &Conversation::trim},
      Field{"url", &Conversation::url}};
};

template <>
struct Fields<ConversationRelay> {
  static constexpr std::string_view name = "ConversationRelay";
  static constexpr std::tuple attributes{
      Field{"applicationReconnect", &ConversationRelay::applicationReconnect},
      Field{"backgroundNoiseReduction", &ConversationRelay::backgroundNoiseReduction},
      Field{"conversationConfiguration", &ConversationRelay::conversationConfiguration},
      Field{"debug", &ConversationRelay::debug},
      Field{"deepgramSmartFormat", &ConversationRelay::deepgramSmartFormat},
      Field{"dtmfDetection", &ConversationRelay::dtmfDetection},
      Field{"echoPromptFiltering", &ConversationRelay::echoPromptFiltering},
      Field{"elevenlabsTextNormalization", &ConversationRelay::elevenlabsTextNormalization},
      Field{"eotThreshold", &ConversationRelay::eotThreshold},
      Field{"events", &ConversationRelay::events},
      Field{"hints", &ConversationRelay::hints},
      Field{"ignoreBackchannel", &ConversationRelay::ignoreBackchannel},
      Field{"intelligenceService", &ConversationRelay::intelligenceService},
      Field{"interruptSensitivity", &ConversationRelay::interruptSensitivity},
      Field{"interruptible", &ConversationRelay::interruptible},
      Field{"language", &ConversationRelay::language},
      Field{"partialPrompts", &ConversationRelay::partialPrompts},
      Field{"preemptible", &ConversationRelay::preemptible},
      Field{"profanityFilter", &ConversationRelay::profanityFilter},
      Field{"reportInputDuringAgentSpeech", &ConversationRelay::reportInputDuringAgentSpeech},
      Field{"speechModel", &ConversationRelay::speechModel},
      Field{"speechTimeout", &ConversationRelay::speechTimeout, Limits{.least = 600, .most = 5000}},
      Field{"transcriptionLanguage", &ConversationRelay::transcriptionLanguage},
      Field{"transcriptionProvider", &ConversationRelay::transcriptionProvider},
      Field{"ttsLanguage", &ConversationRelay::ttsLanguage},
      Field{"ttsProvider", &ConversationRelay::ttsProvider},
      Field{"turnDetection", &ConversationRelay::turnDetection},
      Field{"url", &ConversationRelay::url},
      Field{"voice", &ConversationRelay::voice},
      Field{"welcomeGreeting", &ConversationRelay::welcomeGreeting},
      Field{"welcomeGreetingInterruptible", &ConversationRelay::welcomeGreetingInterruptible}};
  static constexpr auto nouns = &ConversationRelay::nouns;
};

template <>
struct Fields<ConversationRelaySession> {
  static constexpr std::string_view name = "ConversationRelaySession";
  static constexpr std::tuple attributes{
      Field{"connector", &ConversationRelaySession::connector},
      Field{"sessionConfiguration", &ConversationRelaySession::sessionConfiguration}};
};

template <>
struct Fields<Room> {
  static constexpr std::string_view name = "Room";
  static constexpr std::tuple attributes{Field{"participantIdentity", &Room::participantIdentity}};
  static constexpr auto text = &Room::name;
};

template <>
struct Fields<VirtualAgent> {
  static constexpr std::string_view name = "VirtualAgent";
  static constexpr std::tuple attributes{
      Field{"connectorName", &VirtualAgent::connectorName},
      Field{"language", &VirtualAgent::language},
      Field{"sentimentAnalysis", &VirtualAgent::sentimentAnalysis},
      Field{"statusCallback", &VirtualAgent::statusCallback},
      Field{"statusCallbackMethod", &VirtualAgent::statusCallbackMethod}};
  static constexpr auto nouns = &VirtualAgent::nouns;
};

template <>
struct Fields<Connect> {
  static constexpr std::string_view name = "Connect";
  static constexpr std::tuple attributes{Field{"action", &Connect::action},
                                         Field{"method", &Connect::method}};
  static constexpr auto nouns = &Connect::nouns;
};

template <>
struct Fields<Recording> {
  static constexpr std::string_view name = "Recording";
  static constexpr std::tuple attributes{
      Field{"channels", &Recording::channels},
      Field{"name", &Recording::name},
      Field{"recordingConfigurationId", &Recording::recordingConfigurationId},
      Field{"recordingStatusCallback", &Recording::recordingStatusCallback, Limits{.code = 13256}},
      Field{"recordingStatusCallbackEvent", &Recording::recordingStatusCallbackEvent,
            Limits{.code = 13621}},
      Field{"recordingStatusCallbackMethod", &Recording::recordingStatusCallbackMethod},
      Field{"track", &Recording::track, Limits{.code = 13622}},
      Field{"trim", &Recording::trim}};
};

template <>
struct Fields<Siprec> {
  static constexpr std::string_view name = "Siprec";
  static constexpr std::tuple attributes{
      Field{"connectorName", &Siprec::connectorName}, Field{"name", &Siprec::name},
      Field{"statusCallback", &Siprec::statusCallback},
      Field{"statusCallbackMethod", &Siprec::statusCallbackMethod}, Field{"track", &Siprec::track}};
  static constexpr auto nouns = &Siprec::nouns;
};

template <>
struct Fields<Transcription> {
  static constexpr std::string_view name = "Transcription";
  static constexpr std::tuple attributes{
      Field{"enableAutomaticPunctuation", &Transcription::enableAutomaticPunctuation},
      Field{"hints", &Transcription::hints},
      Field{"inboundTrackLabel", &Transcription::inboundTrackLabel},
      Field{"intelligenceService", &Transcription::intelligenceService},
      Field{"languageCode", &Transcription::languageCode},
      Field{"name", &Transcription::name},
      Field{"outboundTrackLabel", &Transcription::outboundTrackLabel},
      Field{"partialResults", &Transcription::partialResults},
      Field{"profanityFilter", &Transcription::profanityFilter},
      Field{"speechModel", &Transcription::speechModel},
      Field{"statusCallbackMethod", &Transcription::statusCallbackMethod},
      Field{"statusCallbackUrl", &Transcription::statusCallbackUrl},
      Field{"track", &Transcription::track},
      Field{"transcriptionEngine", &Transcription::transcriptionEngine}};
  static constexpr auto nouns = &Transcription::nouns;
};

template <>
struct Fields<Start> {
  static constexpr std::string_view name = "Start";
  static constexpr std::tuple attributes{Field{"action", &Start::action},
                                         Field{"method", &Start::method}};
  static constexpr auto nouns = &Start::nouns;
  static constexpr int unexpected = 14300;
};

template <>
struct Fields<Stop> {
  static constexpr std::string_view name = "Stop";
  static constexpr std::tuple<> attributes{};
  static constexpr auto nouns = &Stop::nouns;
};

template <>
struct Fields<Prompt> {
  static constexpr std::string_view name = "Prompt";
  static constexpr std::tuple attributes{
      Field{"attempt", &Prompt::attempt}, Field{"cardType", &Prompt::cardType},
      Field{"errorType", &Prompt::errorType}, Field{"for", &Prompt::for_},
      Field{"requireMatchingInputs", &Prompt::requireMatchingInputs}};
  static constexpr auto nouns = &Prompt::prompt;
};

template <>
struct Fields<Pay> {
  static constexpr std::string_view name = "Pay";
  static constexpr std::tuple attributes{
      Field{"action", &Pay::action},
      Field{"bankAccountType", &Pay::bankAccountType},
      Field{"chargeAmount", &Pay::chargeAmount},
      Field{"currency", &Pay::currency},
      Field{"description", &Pay::description},
      Field{"input", &Pay::input},
      Field{"language", &Pay::language},
      Field{"maxAttempts", &Pay::maxAttempts, Limits{.least = 1, .most = 3}},
      Field{"minPostalCodeLength", &Pay::minPostalCodeLength, Limits{.least = 0}},
      Field{"paymentConnector", &Pay::paymentConnector},
      Field{"paymentMethod", &Pay::paymentMethod},
      Field{"postalCode", &Pay::postalCode},
      Field{"securityCode", &Pay::securityCode},
      Field{"statusCallback", &Pay::statusCallback},
      Field{"statusCallbackMethod", &Pay::statusCallbackMethod},
      Field{"timeout", &Pay::timeout, Limits{.least = 1}},
      Field{"tokenType", &Pay::tokenType},
      Field{"validCardTypes", &Pay::validCardTypes}};
  static constexpr auto nouns = &Pay::nouns;
};

template <>
struct Fields<Echo> {
  static constexpr std::string_view name = "Echo";
  static constexpr std::tuple<> attributes{};
};

template <>
struct Fields<Task> {
  static constexpr std::string_view name = "Task";
  static constexpr std::tuple attributes{Field{"priority", &Task::priority},
                                         Field{"timeout", &Task::timeout, Limits{.least = 1}}};
  static constexpr auto text = &Task::attributes;
};

template <>
struct Fields<Enqueue> {
  static constexpr std::string_view name = "Enqueue";
  static constexpr std::tuple attributes{
      Field{"action", &Enqueue::action, Limits{.code = 14203}},
      Field{"maxQueueSize", &Enqueue::maxQueueSize, Limits{.least = 1}},
      Field{"method", &Enqueue::method, Limits{.code = 14201}},
      Field{"waitUrl", &Enqueue::waitUrl, Limits{.code = 14202}},
      Field{"waitUrlMethod", &Enqueue::waitUrlMethod, Limits{.code = 14206}},
      Field{"workflowSid", &Enqueue::workflowSid, Limits{.code = 14220}}};
  static constexpr auto text = &Enqueue::name;
  static constexpr auto nouns = &Enqueue::nouns;
};

template <>
struct Fields<Hangup> {
  static constexpr std::string_view name = "Hangup";
  static constexpr std::tuple<> attributes{};
  static constexpr auto nouns = &Hangup::nouns;
};

template <>
struct Fields<Leave> {
  static constexpr std::string_view name = "Leave";
  static constexpr std::tuple<> attributes{};
};

template <>
struct Fields<Record> {
  static constexpr std::string_view name = "Record";
  static constexpr std::tuple attributes{
      Field{"action", &Record::action},
      Field{"finishOnKey", &Record::finishOnKey, Limits{.code = 13613}},
      Field{"maxLength", &Record::maxLength, Limits{.code = 13612, .least = 2, .most = 86400}},
      Field{"method", &Record::method, Limits{.code = 13610}},
      Field{"playBeep", &Record::playBeep, Limits{.code = 13616}},
      Field{"recordingConfigurationId", &Record::recordingConfigurationId},
      Field{"recordingStatusCallback", &Record::recordingStatusCallback, Limits{.code = 13256}},
      Field{"recordingStatusCallbackEvent", &Record::recordingStatusCallbackEvent,
            Limits{.code = 13621}},
      Field{"recordingStatusCallbackMethod", &Record::recordingStatusCallbackMethod},
      Field{"timeout", &Record::timeout, Limits{.code = 13611, .least = 0}},
      Field{"transcribe", &Record::transcribe, Limits{.code = 13614}},
      Field{"transcribeCallback", &Record::transcribeCallback, Limits{.code = 13257}},
      Field{"trim", &Record::trim, Limits{.code = 13699}}};
};

template <>
struct Fields<Redirect> {
  static constexpr std::string_view name = "Redirect";
  static constexpr std::tuple attributes{Field{"method", &Redirect::method, Limits{.code = 13710}}};
  static constexpr auto text = &Redirect::url;
};

template <>
struct Fields<Reject> {
  static constexpr std::string_view name = "Reject";
  static constexpr std::tuple attributes{Field{"reason", &Reject::reason, Limits{.code = 13810}}};
  static constexpr auto nouns = &Reject::nouns;
};

template <>
struct Fields<Sms> {
  static constexpr std::string_view name = "Sms";
  static constexpr std::tuple attributes{
      Field{"action", &Sms::action}, Field{"from", &Sms::from, Limits{.code = 14102}},
      Field{"method", &Sms::method, Limits{.code = 14104}},
      Field{"statusCallback", &Sms::statusCallback, Limits{.code = 14105}},
      Field{"to", &Sms::to, Limits{.code = 14101}}};
  static constexpr auto text = &Sms::body;
};

}  // namespace ivr::twiml
