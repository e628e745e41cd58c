// The documents of tests/twiml/corpus.hpp, built with Twilio's own library.
//
//   node twiml.mjs       writes one JSON object: the name of each document, and its XML
//
// What the library has no method for is added with addChild, which takes any name.

import twilio from 'twilio';

const documents = {};

function document(name, build) {
  if (name in documents) throw new Error(`${name} stands twice`);
  const response = new twilio.twiml.VoiceResponse();
  build(response);
  documents[name] = response.toString();
}

// An element whose content is texts and functions that add elements.
function fill(element, ...content) {
  for (const part of content) {
    if (typeof part === 'string') element.addText(part);
    else part(element);
  }
  return element;
}

// ---- Menus: tests/twiml/corpus_menu.cpp ---------------------------------------------------------

document('empty', () => {});

document('menu', (r) => {
  r.say('Welcome to the lunch line.');
  const gather = r.gather({ action: '/choice', numDigits: 1 });
  gather.say("For today's menu, press one.");
  gather.pause();
  gather.say('To order, press two.');
  r.say('We did not hear you.');
  r.redirect('/welcome');
});

document('voicemail', (r) => {
  r.say({ language: 'en-US' }, 'Nobody is here. Leave a message after the tone, then press the star key.');
  r.record({ action: '/recorded', maxLength: 60, finishOnKey: '*' });
});

document('say', (r) => r.say('Hello.'));
document('say_every_attribute', (r) =>
  r.say({ voice: 'Polly.Amy-Neural', language: 'en-GB', loop: 2 }, 'Good morning.'));
document('say_until_the_call_ends', (r) => r.say({ loop: 0 }, 'Please hold.'));
document('say_basic_voices', (r) => {
  for (const voice of ['man', 'woman', 'alice']) r.say({ voice }, 'Hello.');
});

document('play', (r) => r.play('https://example.com/hello.mp3'));
document('play_every_attribute', (r) => {
  r.play({ loop: 1000 }, '/audio/hello.mp3?v=2');
  r.play({ digits: 'wwwW1234#*ABCD', loop: 1 });
});

document('pause', (r) => {
  r.pause();
  r.say('Hello.');
});
document('pause_every_attribute', (r) => {
  r.pause({ length: 10 });
  r.pause({ length: 1 });
});

document('prompt', (r) => r.prompt({ for: 'postal-code' }).say('Your postal code?'));

document('gather', (r) => r.gather());
document('gather_keys', (r) => {
  const gather = r.gather({ action: '/pin', method: 'GET', timeout: 10, numDigits: 4, finishOnKey: '#' });
  gather.play('/audio/pin.wav');
  gather.pause({ length: 2 });
  gather.say('Enter your PIN, then press the hash key.');
});
document('gather_no_finish_key', (r) => r.gather({ finishOnKey: '' }).say('Any keys.'));
document('gather_speech', (r) =>
  r
    .gather({
      input: ['speech'],
      action: '/said',
      language: 'de-DE',
      hints: 'lunch, dinner, the table by the window',
      speechTimeout: 'auto',
      speechModel: 'experimental_conversations',
    })
    .say({ language: 'de-DE' }, 'Was darf es sein?'));
document('gather_every_attribute', (r) => {
  r.gather({
    input: ['dtmf', 'speech'],
    action: '/choice',
    method: 'POST',
    timeout: 5,
    speechTimeout: '3',
    maxSpeechTime: 30,
    profanityFilter: false,
    finishOnKey: '*',
    numDigits: 1,
    partialResultCallback: '/partial',
    partialResultCallbackMethod: 'GET',
    language: 'en-US',
    hints: 'yes, no',
    bargeIn: false,
    debug: true,
    actionOnEmptyResult: true,
    speechModel: 'phone_call',
    enhanced: true,
  }).say('Shall we call you back?');
  r.redirect('/again');
});

document('record', (r) => r.record({ action: '/recorded' }));
document('record_every_attribute', (r) =>
  r.record({
    action: '/recorded',
    method: 'POST',
    timeout: 0,
    finishOnKey: '1234567890*#',
    maxLength: 3600,
    playBeep: false,
    trim: 'do-not-trim',
    recordingConfigurationId: 'CF0123456789abcdef0123456789abcdef',
    recordingStatusCallback: 'https://example.com/recording',
    recordingStatusCallbackMethod: 'GET',
    recordingStatusCallbackEvent: ['in-progress', 'completed', 'absent'],
    transcribe: true,
    transcribeCallback: 'https://example.com/words',
  }));

document('redirect', (r) => r.redirect('https://example.com/next?step=2&lang=en'));
document('redirect_every_attribute', (r) => r.redirect({ method: 'GET' }, '../next'));
document('redirect_to_itself', (r) => {
  r.play('/audio/music.mp3');
  r.redirect('');
});

document('reject', (r) => r.reject());
document('reject_every_attribute', (r) =>
  r.reject({ reason: 'busy' }).parameter({ name: 'cause', value: 'closed' }));

document('hangup', (r) => r.hangup());
document('hangup_parameters', (r) => {
  const hangup = r.hangup();
  hangup.parameter({ name: 'reason', value: 'done' });
  hangup.parameter({ name: 'rating' });
  hangup.parameter({ value: 'no name' });
  hangup.parameter({});
});
document('leave', (r) => r.leave());
document('echo', (r) => r.echo());

document('enqueue', (r) => r.enqueue('support'));
document('enqueue_every_attribute', (r) =>
  r.enqueue(
    {
      action: '/left-the-queue',
      maxQueueSize: 50,
      method: 'GET',
      waitUrl: '/please-hold',
      waitUrlMethod: 'POST',
    },
    'support',
  ));
document('enqueue_silence', (r) => r.enqueue({ waitUrl: '' }, 'support'));
document('enqueue_task', (r) =>
  r
    .enqueue({ workflowSid: 'WW0123456789abcdef0123456789abcdef' })
    .task({ priority: 5, timeout: 200 }, '{"language": "en", "skills": ["a", "b"]}'));
document('queue_every_attribute', (r) =>
  r.queue(
    {
      url: '/you-are-next',
      method: 'POST',
      reservationSid: 'WR0123456789abcdef0123456789abcdef',
      postWorkActivitySid: 'WA0123456789abcdef0123456789abcdef',
    },
    'support',
  ));

document('sms', (r) => r.sms('Your table is ready.'));
document('sms_every_attribute', (r) =>
  r.sms(
    {
      to: '+14155550199',
      from: '+14155550100',
      action: '/sent',
      method: 'GET',
      statusCallback: 'https://example.com/sms',
    },
    'Your table is ready.',
  ));

// ---- Calling others: tests/twiml/corpus_dial.cpp ------------------------------------------------

document('dial', (r) => r.dial('+14155550100'));
document('dial_every_attribute', (r) =>
  r.dial(
    {
      action: '/dialled',
      method: 'GET',
      timeout: 30,
      hangupOnStar: true,
      timeLimit: 14400,
      callerId: '+14155550111',
      callReason: 'Your delivery is at the door', // not in its types
      passports: 'eyJhbGciOiJFUzI1NiJ9,eyJhbGciOiJFUzI2NiJ9',
      record: 'record-from-ringing-dual',
      trim: 'trim-silence',
      recordingConfigurationId: 'CF0123456789abcdef0123456789abcdef',
      recordingStatusCallback: 'https://example.com/recording',
      recordingStatusCallbackMethod: 'POST',
      recordingStatusCallbackEvent: ['in-progress', 'completed', 'absent'],
      answerOnBridge: true,
      ringTone: 'us-old',
      recordingTrack: 'outbound',
      sequential: false,
      referUrl: '/referred',
      referMethod: 'GET',
      events: 'call-progress-event',
    },
    '+14155550100',
  ));
document('dial_record_true_and_false', (r) => {
  r.dial({ record: true }, '+14155550100');
  r.dial({ record: false }, '+14155550100');
});
document('dial_one_after_the_other', (r) => {
  const dial = r.dial({ action: '/dialled', sequential: true, timeout: 15 });
  dial.number('+14155550100');
  dial.number('+14155550101');
  dial.client('ann');
  dial.sip('sip:bo@example.com');
});

document('number_every_attribute', (r) =>
  r.dial().number(
    {
      sendDigits: 'wwww1928#',
      url: '/whisper',
      method: 'POST',
      statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      statusCallback: 'https://example.com/status',
      statusCallbackMethod: 'GET',
      byoc: 'BY0123456789abcdef0123456789abcdef',
      machineDetection: 'DetectMessageEnd',
      amdStatusCallbackMethod: 'GET',
      amdStatusCallback: 'https://example.com/amd',
      machineDetectionTimeout: 30,
      machineDetectionSpeechThreshold: 2400,
      machineDetectionSpeechEndThreshold: 1200,
      machineDetectionSilenceTimeout: 5000,
    },
    '+14155550100',
  ));

document('client', (r) => r.dial().client('ann'));
document('client_every_attribute', (r) =>
  r.dial().client(
    {
      url: '/whisper',
      method: 'GET',
      clientNotificationUrl: 'https://example.com/push', // not in its types
      statusCallbackEvent: ['answered', 'completed'],
      statusCallback: 'https://example.com/status',
      statusCallbackMethod: 'POST',
    },
    'ann',
  ));
document('client_identity_and_parameters', (r) => {
  const client = r.dial().client();
  client.identity('user_ann');
  client.parameter({ name: 'first name', value: 'Ann' });
  client.parameter({ name: 'order', value: '17 & 18' });
});

document('conference', (r) => r.dial().conference('Room 1234'));
document('conference_every_attribute', (r) =>
  r.dial().conference(
    {
      muted: true,
      beep: 'onEnter',
      startConferenceOnEnter: false,
      endConferenceOnExit: true,
      waitUrl: '/music',
      waitMethod: 'GET',
      maxParticipants: 10,
      record: 'record-from-start',
      region: 'ie1',
      coach: 'CA0123456789abcdef0123456789abcdef',
      trim: 'do-not-trim',
      statusCallbackEvent: ['start', 'end', 'join', 'leave', 'mute', 'hold', 'modify', 'speaker', 'announcement'],
      statusCallback: 'https://example.com/status',
      statusCallbackMethod: 'POST',
      recordingConfigurationId: 'CF0123456789abcdef0123456789abcdef',
      recordingStatusCallback: 'https://example.com/recording',
      recordingStatusCallbackMethod: 'GET',
      recordingStatusCallbackEvent: ['completed', 'absent'],
      eventCallbackUrl: 'https://example.com/events',
      jitterBufferSize: 'small',
      participantLabel: 'customer',
    },
    "Monday's meeting",
  ));
document('conference_silence', (r) => r.dial().conference({ beep: 'false', waitUrl: '' }, 'Quiet'));

document('dial_queue', (r) => r.dial().queue({ url: '/about-to-connect' }, 'support'));
document('sim', (r) => r.dial().sim('DE0123456789abcdef0123456789abcdef'));

document('sip_every_attribute', (r) =>
  r.dial().sip(
    {
      username: 'kate',
      password: 'p@ss<word>"',
      url: '/whisper',
      method: 'GET',
      statusCallbackEvent: ['initiated', 'answered'],
      statusCallback: 'https://example.com/status',
      statusCallbackMethod: 'POST',
      machineDetection: 'Enable',
      amdStatusCallbackMethod: 'POST',
      amdStatusCallback: 'https://example.com/amd',
      machineDetectionTimeout: 3,
      machineDetectionSpeechThreshold: 1000,
      machineDetectionSpeechEndThreshold: 500,
      machineDetectionSilenceTimeout: 2000,
    },
    'sip:kate@example.com?x-customer=17&x-tier=gold',
  ));
document('sip_uris_and_headers', (r) => {
  const sip = r.dial().sip();
  sip.uri({ priority: '1', weight: '20', username: 'a', password: 'secret' }, 'sip:a@example.com');
  sip.uri('sip:b@example.com');
  const headers = sip.headers();
  headers.header({ name: 'X-Order', value: '17' });
  headers.header({ name: 'X-Empty', value: '' });
  sip.headers();
});

document('application', (r) => r.dial().application('AP0123456789abcdef0123456789abcdef'));
document('application_every_attribute', (r) => {
  const application = r.dial().application({
    url: '/whisper',
    method: 'GET',
    statusCallbackEvent: ['ringing'],
    statusCallback: 'https://example.com/status',
    statusCallbackMethod: 'POST',
    customerId: 'customer-17',
    copyParentTo: true,
  });
  application.applicationSid('AP0123456789abcdef0123456789abcdef');
  application.parameter({ name: 'account', value: '17' });
});

document('whatsapp_every_attribute', (r) =>
  r.dial({ callerId: '+14155550111' }).whatsApp(
    {
      url: '/whisper',
      method: 'POST',
      statusCallbackEvent: ['initiated', 'completed'],
      statusCallback: 'https://example.com/status',
      statusCallbackMethod: 'GET',
    },
    '+14155550100',
  ));

document('dial_text_beside_nouns', (r) => {
  const dial = r.dial('+14155550100');
  dial.client('ann').parameter({ name: 'a', value: 'b' });
  dial.sip('sip:bo@example.com').uri('sip:bo@example.org');
});

document('refer', (r) => r.refer().sip('sip:ann@example.com'));
document('refer_every_attribute', (r) => {
  r.refer({ action: '/referred', method: 'GET' }).sip('sip:ann@example.com?User-to-User=17');
  r.hangup();
});

// ---- Machines: tests/twiml/corpus_connect.cpp ---------------------------------------------------

document('connect', (r) => r.connect());
document('connect_every_attribute', (r) =>
  r.connect({ action: '/disconnected', method: 'GET' }).stream({ url: 'wss://example.com/media' }));
document('connect_stream', (r) => {
  const stream = r
    .connect()
    .stream({
      name: 'agent',
      url: 'wss://example.com/media',
      track: 'inbound_track',
      audioFormat: 'audio/x-mulaw',
      sampleRate: '8000',
    });
  stream.parameter({ name: 'caller', value: 'ann' });
  stream.parameter({ name: 'tier', value: '' });
});

document('ai_session_every_attribute', (r) =>
  r.connect().aiSession({ aiConnector: 'connector', aiSessionConfiguration: 'configuration' }));

document('assistant_every_attribute', (r) => {
  const assistant = r.connect().addChild('Assistant', { // was dropped from the library
    id: 'aia_asst_0123456789',
    language: 'en-US',
    ttsLanguage: 'en-GB',
    transcriptionLanguage: 'en-US',
    ttsProvider: 'ElevenLabs',
    voice: 'UgBBYS2sOqTuMpoF3BR0',
    transcriptionProvider: 'Deepgram',
    speechModel: 'nova-3-general',
    profanityFilter: true,
    dtmfDetection: true,
    welcomeGreeting: 'Hello, how can I help?',
    partialPrompts: false,
    welcomeGreetingInterruptible: 'any',
    interruptible: 'speech',
    preemptible: true,
    hints: 'lunch, dinner',
    intelligenceService: 'GA0123456789abcdef0123456789abcdef',
    reportInputDuringAgentSpeech: false,
    elevenlabsTextNormalization: 'on',
    interruptSensitivity: 'low',
    debug: 'debugging',
  });
  assistant.addChild('Language', { code: 'es-ES', ttsProvider: 'Google' });
  assistant.addChild('Parameter', { name: 'order', value: '17' });
});

document('autopilot', (r) => r.connect().autopilot('UA0123456789abcdef0123456789abcdef'));

document('conversation_every_attribute', (r) =>
  r.connect().conversation({
    serviceInstanceSid: 'IS0123456789abcdef0123456789abcdef',
    inboundAutocreation: true,
    routingAssignmentTimeout: 30,
    inboundTimeout: 60,
    url: '/whisper',
    method: 'POST',
    record: 'record-from-answer-dual',
    trim: 'trim-silence',
    recordingStatusCallback: 'https://example.com/recording',
    recordingStatusCallbackMethod: 'GET',
    recordingStatusCallbackEvent: ['in-progress', 'absent'],
    statusCallback: 'https://example.com/status',
    statusCallbackMethod: 'POST',
    statusCallbackEvent: ['call-initiated', 'call-ringing', 'call-answered', 'call-completed'],
  }));

document('conversation_relay', (r) =>
  r
    .connect({ action: '/ended' })
    .conversationRelay({ url: 'wss://example.com/relay', welcomeGreeting: 'Hi! Ask me anything.' }));
document('conversation_relay_every_attribute', (r) => {
  const relay = r.connect().conversationRelay({
    url: 'wss://example.com/relay',
    language: 'en-US',
    ttsLanguage: 'de-DE',
    transcriptionLanguage: 'de-DE',
    ttsProvider: 'Amazon',
    voice: 'Vicki-Neural',
    transcriptionProvider: 'Google',
    speechModel: 'telephony',
    profanityFilter: false,
    dtmfDetection: true,
    welcomeGreeting: 'Guten Tag, wie kann ich helfen?',
    partialPrompts: true,
    welcomeGreetingInterruptible: 'none',
    interruptible: 'dtmf',
    preemptible: false,
    hints: 'lunch, dinner',
    intelligenceService: 'GA0123456789abcdef0123456789abcdef',
    reportInputDuringAgentSpeech: 'any', // not a boolean, as its types say
    elevenlabsTextNormalization: 'auto',
    interruptSensitivity: 'medium',
    debug: 'debugging speaker-events tokens-played',
    // Its types have these in lower case, or not at all.
    deepgramSmartFormat: false,
    ignoreBackchannel: true,
    backgroundNoiseReduction: 'true',
    speechTimeout: 1200,
    applicationReconnect: true,
    conversationConfiguration: 'conv_configuration_0123',
    echoPromptFiltering: 'true',
    eotThreshold: '0.6',
    turnDetection: 'true',
    events: 'speaker-events',
  });
  relay.language({
    code: 'sv-SE',
    ttsProvider: 'Amazon',
    voice: 'Elin-Neural',
    transcriptionProvider: 'Google',
    speechModel: 'long',
  });
  relay.language({ code: 'en-US' });
  relay.parameter({ name: 'order', value: '17' });
});
document('conversation_relay_session_every_attribute', (r) =>
  r.connect().conversationRelaySession({ connector: 'connector', sessionConfiguration: 'configuration' }));

document('room_every_attribute', (r) => r.connect().room({ participantIdentity: 'ann' }, 'DailyStandup'));

document('virtual_agent_every_attribute', (r) => {
  const agent = r.connect().virtualAgent({
    connectorName: 'dialogflow',
    language: 'en-us',
    sentimentAnalysis: true,
    statusCallback: 'https://example.com/status',
    statusCallbackMethod: 'POST',
  });
  agent.config({ name: 'voiceName', value: 'en-US-Wavenet-C' });
  agent.parameter({ name: 'order', value: '17' });
});

// ---- Beside the call: tests/twiml/corpus_start.cpp ----------------------------------------------

document('start_recording_every_attribute', (r) => {
  r.start({ action: '/started', method: 'POST' }).recording({
    name: 'both of us', // not in its types
    channels: 'mono',
    track: 'inbound',
    trim: 'do-not-trim',
    recordingConfigurationId: 'CF0123456789abcdef0123456789abcdef',
    recordingStatusCallback: 'https://example.com/recording',
    recordingStatusCallbackMethod: 'GET',
    recordingStatusCallbackEvent: ['in-progress', 'completed'],
  });
  r.say('This call is recorded.');
});
document('start_siprec_every_attribute', (r) =>
  r
    .start()
    .siprec({
      name: 'siprec 1',
      connectorName: 'recorder',
      track: 'both_tracks',
      statusCallback: 'https://example.com/siprec',
      statusCallbackMethod: 'GET',
    })
    .parameter({ name: 'agent', value: 'ann' }));
document('start_stream_every_attribute', (r) =>
  r.start().stream({
    name: 'live',
    connectorName: 'connector',
    url: 'wss://example.com/media',
    track: 'outbound_track',
    statusCallback: 'https://example.com/stream',
    statusCallbackMethod: 'POST',
  }));
document('start_transcription_every_attribute', (r) => {
  const transcription = r.start().transcription({
    name: 'words',
    track: 'both_tracks',
    statusCallbackUrl: 'https://example.com/words',
    statusCallbackMethod: 'POST',
    inboundTrackLabel: 'customer',
    outboundTrackLabel: 'agent',
    partialResults: false,
    languageCode: 'en-US',
    transcriptionEngine: 'google',
    profanityFilter: true,
    speechModel: 'telephony',
    hints: 'lunch, $OPERAND',
    enableAutomaticPunctuation: true,
    intelligenceService: 'GA0123456789abcdef0123456789abcdef',
  });
  transcription.config({ name: 'model', value: 'long' });
  transcription.config();
  transcription.parameter({ name: 'order', value: '17' });
});
document('start_several', (r) => {
  const start = r.start();
  start.stream({ name: 'a', url: 'wss://example.com/a' });
  start.recording();
  start.stream({ url: 'wss://example.com/b' });
  start.siprec({ name: 's' });
  start.transcription({ name: 't' });
});
document('stop_by_name', (r) => {
  const stop = r.stop();
  stop.addChild('Recording', { name: 'both of us' }); // the library has no method for it
  stop.siprec({ name: 's' });
  stop.stream({ name: 'a' });
  stop.transcription({ name: 't' });
  r.hangup();
});

// ---- Payments: tests/twiml/corpus_pay.cpp -------------------------------------------------------

document('pay', (r) => r.pay({ action: 'https://example.com/paid', chargeAmount: '20.45' }));
document('pay_every_attribute', (r) =>
  r
    .pay({
      input: 'dtmf',
      action: 'https://example.com/paid',
      bankAccountType: 'consumer-savings',
      statusCallback: 'https://example.com/paying',
      statusCallbackMethod: 'GET',
      timeout: 10,
      maxAttempts: 3,
      securityCode: false,
      postalCode: '94111',
      minPostalCodeLength: 5,
      paymentConnector: 'Default',
      paymentMethod: 'credit-card',
      tokenType: 'payment-method',
      chargeAmount: '0',
      currency: 'eur',
      description: 'Two lunches & a coffee',
      validCardTypes: ['visa', 'mastercard', 'amex', 'maestro', 'discover', 'optima', 'jcb', 'diners-club', 'enroute'],
      language: 'de-DE',
    })
    .parameter({ name: 'order', value: '17' }));
document('pay_bank_account', (r) =>
  r.pay({
    paymentMethod: 'ach-debit',
    bankAccountType: 'commercial-checking',
    postalCode: false,
    tokenType: 'one-time',
  }));
document('prompt_every_attribute', (r) => {
  const pay = r.pay();
  const card = pay.prompt({
    for: 'payment-card-number',
    errorType: [
      'timeout',
      'invalid-card-number',
      'invalid-card-type',
      'invalid-date',
      'invalid-security-code',
      'internal-error',
      'input-matching-failed',
    ],
    cardType: ['visa', 'diners-club'],
    attempt: [2, 3],
    requireMatchingInputs: true,
  });
  card.say('Once more, please.');
  card.pause({ length: 1 });
  card.play('/audio/card.wav');
  pay.prompt({ for: 'expiration-date' }).play('/audio/date.wav');
  pay.prompt({ for: 'bank-routing-number', attempt: [1] });
});

// ---- How a text is spoken: tests/twiml/corpus_ssml.cpp ------------------------------------------

// Say without a text of its own, which the content brings.
const speak = (response, ...content) => fill(response.say(), ...content);

document('ssml_code', (r) =>
  speak(
    r,
    'Your code is ',
    (say) => say.sayAs({ 'interpret-as': 'digits' }, '1234'),
    (say) => say.break({ time: '500ms' }),
    ' Goodbye.',
  ));
document('ssml_attributes_of_say', (r) => {
  const say = r.gather({ numDigits: 1 }).say({ voice: 'Polly.Joanna-Neural', language: 'en-US', loop: 3 });
  say.s('Press one.');
  say.s('Press two.');
});
document('ssml_break', (r) =>
  speak(
    r,
    'One',
    (say) => say.break(),
    'two',
    (say) => say.break({ strength: 'x-strong' }),
    'three',
    (say) => say.break({ time: '10000ms' }),
    'four',
    (say) => say.break({ strength: 'none', time: '0ms' }),
  ));
document('ssml_say_as', (r) =>
  speak(
    r,
    (say) => say.sayAs({ 'interpret-as': 'date', format: 'dm' }, '24.12.'),
    ' at ',
    (say) => say.sayAs({ 'interpret-as': 'time' }, '1\'21"'),
    ', spelt ',
    (say) => say.sayAs({ 'interpret-as': 'spell-out' }, 'a<b'),
  ));
document('ssml_phoneme', (r) =>
  speak(
    r,
    'I say ',
    (say) => say.phoneme({ alphabet: 'ipa', ph: 'pɪˈkɑːn' }, 'pecan'),
    ', you say ',
    (say) => say.phoneme({ alphabet: 'x-sampa', ph: '"pi.k{n' }, 'pecan'),
  ));
document('ssml_sub', (r) =>
  speak(r, (say) => say.sub({ alias: 'Aluminium & more' }, 'Al'), ' is a metal.'));

document('ssml_in_say', (r) => {
  const say = r.say();
  say.break({ strength: 'weak' });
  say.emphasis({ level: 'strong' }, 'now');
  say.lang({ 'xml:lang': 'fr-FR' }, 'Bonjour');
  say.p('A paragraph.');
  say.phoneme({ ph: 'təˈmɑːtəʊ' }, 'tomato');
  say.prosody({ volume: '+6dB', rate: '85%', pitch: '+10%' }, 'Louder');
  say.s('A sentence.');
  say.sayAs({ 'interpret-as': 'ordinal' }, '5');
  say.sub({ alias: 'World Wide Web Consortium' }, 'W3C');
  say.w({ role: 'amazon:VBD' }, 'read');
});
document('ssml_in_emphasis', (r) => {
  const emphasis = r.say().emphasis({ level: 'reduced' }, 'Very ');
  emphasis.break();
  emphasis.emphasis('very');
  emphasis.lang('wichtig');
  emphasis.phoneme('x');
  emphasis.prosody('y');
  emphasis.sayAs('z');
  emphasis.sub('1');
  emphasis.w('2');
  emphasis.addText(' important.');
});
document('ssml_in_lang', (r) => {
  const say = r.say('She said: ');
  const lang = say.lang({ 'xml:lang': 'fr-CA' });
  lang.break();
  lang.emphasis('Je');
  lang.lang('ne');
  lang.p('sais');
  lang.phoneme('pas');
  lang.prosody('ce');
  lang.s('que');
  lang.sayAs('je');
  lang.sub('veux');
  lang.w('dire');
});
document('ssml_in_p', (r) => {
  const p = r.say().p('It ');
  p.break();
  p.emphasis('is');
  p.lang('a');
  p.phoneme('long');
  p.prosody('one');
  p.s('with');
  p.sayAs('many');
  p.sub('more');
  p.w('words');
  p.addText('.');
});
document('ssml_in_prosody', (r) => {
  const prosody = r.say().prosody({ volume: 'soft', rate: 'slow', pitch: 'low' }, 'So ');
  prosody.break();
  prosody.emphasis('slow');
  prosody.lang('and');
  prosody.p('so');
  prosody.phoneme('low');
  prosody.prosody({ volume: 'x-soft' }, 'that');
  prosody.s('nobody');
  prosody.sayAs('hears');
  prosody.sub('it');
  prosody.w('here');
});
document('ssml_in_s', (r) => {
  const s = r.say().s('One ');
  s.break();
  s.emphasis('two');
  s.lang('three');
  s.phoneme('four');
  s.prosody('five');
  s.sayAs('six');
  s.sub('seven');
  s.w('eight');
  s.addText('.');
});
document('ssml_in_w', (r) => {
  const w = r.say().w({ role: 'amazon:SENSE_1' }, 're');
  w.break();
  w.emphasis('a');
  w.phoneme('d');
  w.prosody('i');
  w.sayAs('n');
  w.sub('g');
});

document('ssml_deep', (r) => {
  const say = r.say();
  const s = say.p().s();
  s.prosody({ rate: 'x-fast' })
    .lang({ 'xml:lang': 'en-GB' })
    .emphasis({ level: 'moderate' })
    .w({ role: 'amazon:NN' })
    .sayAs({ 'interpret-as': 'expletive' }, 'deep');
  s.addText('.');
  say.p('Up again.');
});
document('ssml_blanks_between_elements', (r) =>
  speak(
    r,
    ' ',
    (say) => say.s(' One. '),
    ' ',
    (say) => say.s('\n'),
    '\n  ',
    (say) =>
      fill(say.p('\t'), (p) => p.emphasis(' two '), ' ', (p) => p.emphasis('three'), ' '),
    '  ',
  ));
document('ssml_in_parts', (r) =>
  speak(r, 'You have ', (say) => say.sayAs({ 'interpret-as': 'cardinal' }, '3'), ' new messages.'));

// ---- Texts that are hard to get right: tests/twiml/corpus_text.cpp ------------------------------

document('text_special_characters', (r) => {
  r.say('Tom & Jerry\'s "1 < 2 > 0" ]]> <!-- no --> <![CDATA[no]]> <?no?>');
  r.redirect('/a?b=1&c=<2>&d=\'3\'&e="4"');
});
document('text_special_characters_in_attributes', (r) =>
  r.gather({
    action: '/a?b=1&c=<2>&d=\'3\'&e="4"&f=]]>',
    hints: 'Tom & Jerry\'s, "quoted", <b>, a > b',
  }));
document('text_that_looks_escaped', (r) => {
  r.say('&amp; &lt; &#38; &#x26; &nbsp; &unknown; & ;');
  r.gather({ action: '/a?b=1&amp;c=&lt;2&quot;' });
});
document('text_that_looks_like_markup', (r) => {
  r.say('</Say><Hangup/></Response>');
  r.hangup();
});
document('text_umlauts', (r) => {
  r.say({ language: 'de-DE' }, 'Grüß Gott! Für Öl drücken Sie die Ä-Taste.');
  r.play('/audio/grüße.mp3?für=ä');
});
document('text_emoji', (r) => {
  r.say('📞 Bonjour ☕️ 👨‍👩‍👧‍👦 🇩🇪 👍🏽');
  r.gather({ action: '/📞', hints: '☕️, 🍕' }).say('🍕?');
});
document('text_of_many_scripts', (r) =>
  r.say('日本語 한국어 中文 العربية עברית Ελληνικά हिन्दी ไทย Tiếng Việt 𝔉𝔯𝔞𝔨𝔱𝔲𝔯 e\u0301'));
document('text_invisible_characters', (r) => {
  r.say(
    'no\u00A0break, \u200Bzero, soft\u00ADhyphen, mark\uFEFFmark, ' +
      'right-to-left\u200F, line\u2028line, next\u0085line, delete\u007F',
  );
  r.gather({ action: '/\u00A0\u200B\u00AD\uFEFF\u200F\u2028\u0085\u007F' });
});
document('text_at_the_ends_of_unicode', (r) =>
  r.say('\u0020\u007E\u0080\u07FF\u0800\uD7FF\uE000\uFFFD\u{10000}\u{10FFFF}'));
document('text_white_space', (r) => {
  r.say('  two blanks, \t a tab,\n a line,\r\n another,\r the last  ');
  r.say('\r');
  r.say('\r\n');
  r.say('\n\r');
});
document('text_white_space_in_attributes', (r) =>
  r.gather({
    action: '  two blanks, \t a tab,\n a line,\r\n another,\r the last  ',
    finishOnKey: ' ',
    hints: '\t',
    partialResultCallback: '\n',
    speechModel: '\r',
  }));
document('text_blanks_only', (r) => {
  r.say(' ');
  r.play('\n');
  r.redirect('\t');
  r.sms(' \n ');
  r.dial('  ');
  const dial = r.dial();
  dial.number(' ');
  dial.client('\t');
  dial.sip('\n');
});
document('text_lines_around_it', (r) => {
  r.dial().number('\n    +14155550100\n  ');
  r.play('\n  /audio/a.mp3\n');
});
document('text_empty', (r) => {
  r.say('');
  r.play('');
  r.redirect('');
  r.sms('');
  r.dial('');
  r.enqueue('');
  const dial = r.dial();
  dial.number('');
  dial.client('');
  dial.conference('');
  const say = r.say();
  say.emphasis('');
  say.s('');
  say.sub({ alias: '' }, '');
});
document('text_empty_attributes', (r) => {
  r.gather({ action: '', finishOnKey: '', hints: '', speechModel: '' });
  r.enqueue({ action: '', waitUrl: '' });
  r.start().stream({ name: '' }).parameter({ name: '', value: '' });
});
document('text_one_text_in_pieces', (r) => r.say('one text'));
document('text_long', (r) => r.say('a'.repeat(4096)));
document('numbers_at_their_limits', (r) => {
  r.say({ loop: 1000 }, 'a');
  r.play({ loop: 0 }, '/a.mp3');
  r.pause({ length: 1 });
  r.record({ maxLength: 86400, timeout: 0 });
  r.enqueue({ maxQueueSize: 2147483647 });
  r.dial({ timeLimit: 86400, timeout: 600 }).conference({ maxParticipants: 250 }, 'a');
});

// ---- What there is no type for: tests/twiml/corpus_unknown.cpp ----------------------------------

document('newer_voice_and_language', (r) => {
  r.say({ voice: 'Polly.Worf-Generative', language: 'tlh-QO' }, 'nuqneH');
  r.gather({ language: 'tlh-QO' });
  r.pay({ language: 'tlh-QO' });
  r.say().lang({ 'xml:lang': 'tlh-QO' }, "Qapla'");
});
document('unknown_words', (r) => {
  r.reject({ reason: 'lunch break' });
  r.redirect({ method: 'PATCH' }, '/a');
  r.gather({ input: ['dtmf', 'gesture', 'gäze'] });
  r.dial({
    record: 'record-from-the-heart',
    recordingStatusCallbackEvent: ['started', 'completed'],
    ringTone: '<&>',
  }).number({ statusCallbackEvent: ['voicemail'] }, '+14155550100');
});
document('unknown_numbers', (r) => {
  r.say({ loop: -1 }, 'a');
  r.pause({ length: -5 });
  r.gather({ numDigits: 0, speechTimeout: '-1' });
  r.dial({ timeout: 1000000 });
  r.say().break({ time: '-250ms' });
});
document('unknown_newer_attributes', (r) => {
  r.dial({ proofs: 'abc,def' }, '+14155550100');
  r.connect()
    .stream({ url: 'wss://example.com/media', audioCodec: 'audio/pcm', bitRate: '16000' })
    .parameter({ name: 'a', value: 'b' });
});
document('unknown_attributes_everywhere', (r) => {
  r.response.att({ 'xmlns:x': 'https://example.com/x', version: '2' });
  const say = r.say({ 'x-say': '3' }, 'a');
  say.break({ 'x-break': '1' });
  say.s({ 'x-s': '2' }, 'b');
  r.hangup({ 'x-hangup': '4' });
  r.echo({ 'x-echo': '5' });
});
document('unknown_attribute_names', (r) =>
  r.pause({ Length: '2', 'data-x': 'a', 'x:y.z_1': 'b', _: 'c', größe: 'd', 名前: 'e' }));
document('unknown_attribute_values', (r) =>
  r.pause({ text: ' Tom & "Jerry"\t<\n>\r\'ü\' 📞 ', empty: '' }));
document('unknown_values_that_do_not_fit', (r) => {
  r.gather({
    action: '/choice',
    timeout: 'soon',
    actionOnEmptyResult: 'yes',
    numDigits: 4.5,
    input: '',
    speechTimeout: 'automatic',
  }).pause({ length: 'a while' });
  r.say().break({ time: 'a while' });
});
document('unknown_verb', (r) => {
  r.say('Before.');
  fill(
    r.addChild('Teleport', { to: 'Mars & "beyond"', method: 'POST' }),
    'Hold on',
    (teleport) => teleport.addChild('Seat'),
    ' tight.\n',
    (teleport) => teleport.addChild('Say').addText('Whee!'),
  );
  r.say('After.');
});
document('unknown_verb_misspelt', (r) => {
  r.addChild('say').addText('Hello.');
  r.addChild('Hangup_');
  r.addChild('größe');
});
document('unknown_nouns', (r) => {
  const dial = r.dial();
  dial.number('+14155550100');
  dial.addChild('Telepathy').addText('ann');
  r.connect().addChild('Hologram', { url: 'wss://example.com' });
  r.start().addChild('Fax');
  r.stop().addChild('Fax');
  r.enqueue('support').addChild('Music');
  r.pay().addChild('Tip').addText('10%');
});
document('unknown_ssml', (r) =>
  speak(
    r,
    'He whispered: ',
    (say) =>
      fill(
        say.addChild('amazon:effect', { name: 'whispered' }),
        'It is ',
        (effect) => effect.addChild('mark'),
        'here.',
      ),
    (say) => fill(say.s(), (s) => s.addChild('audio', { src: '/a.mp3' }), ' Goodbye.'),
  ));
document('unknown_places', (r) => {
  r.addChild('Number').addText('+14155550100');
  r.gather().addChild('Gather', { numDigits: '1' }).addChild('Say').addText('Nested.');
  r.dial().addChild('Play').addText('/a.mp3');
});
document('unknown_elements_where_none_belong', (r) => {
  r.addChild('Pause').addChild('Say');
  fill(
    r.addChild('Play', { loop: 2 }),
    '/a',
    (play) => play.addChild('b').addText('.mp3'),
  );
  fill(r.dial().addChild('Number'), '+1415', (number) => number.addChild('b'), '5550100');
  r.say().addChild('sub').addChild('s');
});
document('unknown_texts_in_elements', (r) =>
  fill(
    r.addChild('x'),
    '  ',
    (x) => x.addChild('y').addText('\n'),
    '\r',
    (x) => x.addChild('z'),
    'ü & 📞',
  ));

console.log(JSON.stringify(documents, null, 1));
