// What documents do with verbs, elements and texts, compiled once: programs that include the verbs
// are spared it.
//
// Written by twiml/schema/generate.

#include "ivr/twiml/twiml.hpp"
#include "twiml/nouns.hpp"
#include "twiml/ssml_text.hpp"

#include <utility>

namespace ivr::twiml {

template class Nouns<AiSession, Assistant, Autopilot, Conversation, ConversationRelay,
                     ConversationRelaySession, Room, Stream, VirtualAgent>;
template class Nouns<Application, Client, Conference, Number, Queue, Sim, Sip, WhatsApp>;
template class Nouns<ApplicationSid, Parameter>;
template class Nouns<Identity, Parameter>;
template class Nouns<Language, Parameter>;
template class Nouns<Parameter, Prompt>;
template class Nouns<Parameter>;
template class Nouns<Pause, Play, Say>;
template class Nouns<Recording, Siprec, Stream, Transcription>;
template class Nouns<ReferSip>;
template class Nouns<SipHeader>;
template class Nouns<SipHeaders, SipUri>;
template class Nouns<Task>;
template class Nouns<TwimlConfig, Parameter>;
template class SsmlText<SsmlBreak, SsmlEmphasis, SsmlLang, SsmlP, SsmlPhoneme, SsmlProsody, SsmlS,
                        SsmlSayAs, SsmlSub, SsmlW>;
template class SsmlText<SsmlBreak, SsmlEmphasis, SsmlLang, SsmlPhoneme, SsmlProsody, SsmlS,
                        SsmlSayAs, SsmlSub, SsmlW>;
template class SsmlText<SsmlBreak, SsmlEmphasis, SsmlLang, SsmlPhoneme, SsmlProsody, SsmlSayAs,
                        SsmlSub, SsmlW>;
template class SsmlText<SsmlBreak, SsmlEmphasis, SsmlPhoneme, SsmlProsody, SsmlSayAs, SsmlSub>;

template <class Value>
void Twiml::add(Value verb) {
  verbs_.emplace_back(std::move(verb));
}

template void Twiml::add(Connect);
template void Twiml::add(Dial);
template void Twiml::add(Echo);
template void Twiml::add(Enqueue);
template void Twiml::add(Gather);
template void Twiml::add(Hangup);
template void Twiml::add(Leave);
template void Twiml::add(Pause);
template void Twiml::add(Pay);
template void Twiml::add(Play);
template void Twiml::add(Prompt);
template void Twiml::add(Queue);
template void Twiml::add(Record);
template void Twiml::add(Redirect);
template void Twiml::add(Refer);
template void Twiml::add(Reject);
template void Twiml::add(Say);
template void Twiml::add(Sms);
template void Twiml::add(Start);
template void Twiml::add(Stop);
template void Twiml::add(XmlElement);
template void Twiml::add(Verb);

}  // namespace ivr::twiml
