// The requests that Twilio's own library makes, for the calls of tests/rest/oracle_test.cpp.
//
//   node rest.mjs       writes one JSON object: the name of each call, and its request as
//                       { method, path, query, form, authorization, accept, contentType, host }
//
// The library's own HTTP client writes the requests; only the last step, the sending, is ours.

import twilio from 'twilio';

for (const name of ['TWILIO_REGION', 'TWILIO_EDGE', 'HTTP_PROXY', 'TWILIO_LOG_LEVEL']) delete process.env[name];

const ACCOUNT = 'AC0123456789abcdef0123456789abcdef';
const SECRET = '5ecret5ecret5ecret5ecret5ecret55';
const CALL = 'CA0123456789abcdef0123456789abcdef';
const CONFERENCE = 'CF0123456789abcdef0123456789abcdef';
const QUEUE = 'QU0123456789abcdef0123456789abcdef';
const RECORDING = 'RE0123456789abcdef0123456789abcdef';
const MESSAGE = 'SM0123456789abcdef0123456789abcdef';

const requests = {};
const pairs = (text) => [...new URLSearchParams(text ?? '')];

function clientThatAsks(name, user = ACCOUNT, options = {}) {
  const client = twilio(user, SECRET, options);
  client.httpClient.axios.defaults.adapter = async (config) => {
    if (name in requests) throw new Error(`${name} asks twice`);
    const url = new URL(client.httpClient.axios.getUri(config));
    const [scheme, token] = config.headers.Authorization.split(' ');
    requests[name] = {
      method: config.method.toUpperCase(),
      host: url.host,
      path: url.pathname,
      query: pairs(url.search),
      form: pairs(config.data),
      authorization: `${scheme} ${Buffer.from(token, 'base64')}`,
      accept: config.headers.Accept ?? null,
      contentType: config.data === undefined ? null : (config.headers['Content-Type'] ?? null),
    };
    return { status: 400, statusText: '', headers: {}, config, data: '{"code": 1, "message": "captured"}' };
  };
  return client;
}

async function ask(name, call, user, options) {
  await call(clientThatAsks(name, user, options)).catch((error) => {
    if (error.code !== 1) throw error;
  });
  if (!(name in requests)) throw new Error(`${name} asks nothing`);
}

const day = (text) => text; // the API filters by days; of a Date the library makes a time
const dates = { dateCreated: day('2026-03-04'), dateCreatedBefore: day('2026-11-30'), dateCreatedAfter: day('2026-01-02') };
const paging = { pageSize: 20, pageNumber: 3, pageToken: 'PA token' };

const dialling = {
  from: '+14155550111',
  timeout: 31,
  timeLimit: 3660,
  statusCallback: 'https://example.com/status',
  statusCallbackMethod: 'GET',
  record: true,
  recordingChannels: 'dual',
  recordingStatusCallback: 'https://example.com/recording',
  recordingStatusCallbackMethod: 'POST',
  recordingConfigurationId: 'RC0123456789abcdef0123456789abcdef',
  machineDetectionTimeout: 32,
  machineDetectionSpeechThreshold: 2401,
  machineDetectionSpeechEndThreshold: 1201,
  machineDetectionSilenceTimeout: 5001,
  sipAuthUsername: 'ann',
  sipAuthPassword: 'p+a=s&s %41',
  callerId: '+14155550122',
  byoc: 'BY0123456789abcdef0123456789abcdef',
  callReason: 'Your delivery is at the door',
  callToken: '%7B%22token%22%7D',
  passports: 'cGFzcw==,cG9ydA==',
  clientNotificationUrl: 'https://example.com/push',
};

const calls = {
  // The guide on changing a call that is going on.
  updateCallByTwiml: (c) => c.calls(CALL).update({ twiml: '<Response><Say>Ahoy there</Say></Response>' }),
  updateCallByUrl: (c) => c.calls(CALL).update({ method: 'POST', url: 'http://demo.twilio.com/docs/voice.xml' }),
  updateCallToCompleted: (c) => c.calls(CALL).update({ status: 'completed' }),

  createCall: (c) =>
    c.calls.create({
      ...dialling,
      to: '+14155550100',
      url: 'https://example.com/voice?a=1&b=2',
      method: 'GET',
      twiml: '<Response><Say>Grüße & <break/></Say></Response>',
      applicationSid: 'AP0123456789abcdef0123456789abcdef',
      fallbackUrl: 'https://example.com/fallback',
      fallbackMethod: 'POST',
      statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      sendDigits: 'wW1234#*ABCD',
      recordingTrack: 'inbound',
      trim: 'do-not-trim',
      recordingStatusCallbackEvent: ['in-progress', 'absent'],
      machineDetection: 'DetectMessageEnd',
      asyncAmd: 'true',
      asyncAmdStatusCallback: 'https://example.com/amd',
      asyncAmdStatusCallbackMethod: 'GET',
    }),
  createCallWithTwiml: (c) =>
    c.calls.create({ to: 'client:ann', from: '+14155550111', twiml: new twilio.twiml.VoiceResponse() }),
  fetchCall: (c) => c.calls(CALL).fetch(),
  deleteCall: (c) => c.calls(CALL).remove(),
  listCalls: (c) =>
    c.calls.page({
      to: '+14155550100',
      from: 'client:ann',
      parentCallSid: CALL,
      status: 'no-answer',
      startTime: day('2026-03-04'),
      startTimeBefore: day('2026-11-30'),
      startTimeAfter: day('2026-01-02'),
      endTime: day('2026-01-02'),
      endTimeBefore: day('2026-03-04'),
      endTimeAfter: day('2026-11-30'),
      ...paging,
    }),
  updateCall: (c) =>
    c.calls(CALL).update({
      method: 'GET',
      twiml: '<Response><Hangup/></Response>',
      status: 'canceled',
      fallbackUrl: 'https://example.com/fallback',
      fallbackMethod: 'POST',
      statusCallback: 'https://example.com/status',
      statusCallbackMethod: 'GET',
      timeLimit: 600,
    }),

  listConferences: (c) =>
    c.conferences.page({
      ...dates,
      dateUpdated: new Date('2026-01-02T23:59:59Z'),
      dateUpdatedBefore: new Date('2026-03-04T00:00:00Z'),
      dateUpdatedAfter: new Date('2026-11-30T12:00:00Z'),
      friendlyName: "Monday's meeting",
      status: 'in-progress',
      ...paging,
    }),
  fetchConference: (c) => c.conferences(CONFERENCE).fetch(),
  updateConference: (c) =>
    c.conferences(CONFERENCE).update({ status: 'completed', announceUrl: 'https://example.com/announce', announceMethod: 'GET' }),

  createParticipant: (c) =>
    c.conferences(CONFERENCE).participants.create({
      ...dialling,
      to: 'client:ann',
      label: 'customer 17',
      statusCallbackEvent: ['initiated', 'completed'],
      muted: true,
      beep: 'onEnter',
      startConferenceOnEnter: false,
      endConferenceOnExit: true,
      waitUrl: '',
      waitMethod: 'GET',
      earlyMedia: false,
      maxParticipants: 12,
      coaching: true,
      callSidToCoach: CALL,
      jitterBufferSize: 'small',
      region: 'ie1',
      recordingTrack: 'outbound',
      trim: 'trim-silence',
      recordingStatusCallbackEvent: ['in-progress', 'completed'],
      conferenceRecord: 'record-from-start',
      conferenceTrim: 'do-not-trim',
      conferenceStatusCallback: 'https://example.com/conference',
      conferenceStatusCallbackEvent: ['start', 'end', 'join', 'leave'],
      conferenceStatusCallbackMethod: 'GET',
      conferenceRecordingStatusCallback: 'https://example.com/conference-recording',
      conferenceRecordingStatusCallbackEvent: ['completed', 'absent'],
      conferenceRecordingStatusCallbackMethod: 'POST',
      machineDetection: 'Enable',
      amdStatusCallback: 'https://example.com/amd',
      amdStatusCallbackMethod: 'GET',
      callerDisplayName: 'Lunch line',
      emergencyCallerPosition: '37.787890 -122.391664',
      emergencyCallerLocation: 'second floor',
      emergencyName: 'Lunch',
      emergencyAddress: '375 Beale St',
      emergencyZipCode: '94105',
      emergencyCity: 'San Francisco',
      emergencyState: 'CA',
      emergencyCountry: 'US',
    }),
  listParticipants: (c) =>
    c.conferences(CONFERENCE).participants.page({ muted: true, hold: false, coaching: true, ...paging }),
  fetchParticipant: (c) => c.conferences(CONFERENCE).participants(CALL).fetch(),
  fetchParticipantByItsLabel: (c) => c.conferences(CONFERENCE).participants('customer 17').fetch(),
  updateParticipant: (c) =>
    c.conferences(CONFERENCE).participants(CALL).update({
      muted: false,
      hold: true,
      holdUrl: 'https://example.com/hold',
      holdMethod: 'POST',
      announceUrl: 'https://example.com/announce',
      announceMethod: 'GET',
      waitUrl: 'https://example.com/wait',
      waitMethod: 'GET',
      beepOnExit: true,
      endConferenceOnExit: false,
      coaching: true,
      callSidToCoach: CALL,
    }),
  removeParticipant: (c) => c.conferences(CONFERENCE).participants(CALL).remove(),

  createQueue: (c) => c.queues.create({ friendlyName: 'support & sales', maxSize: 50 }),
  listQueues: (c) => c.queues.page(paging),
  fetchQueue: (c) => c.queues(QUEUE).fetch(),
  updateQueue: (c) => c.queues(QUEUE).update({ friendlyName: 'support', maxSize: 60 }),
  deleteQueue: (c) => c.queues(QUEUE).remove(),
  listMembers: (c) => c.queues(QUEUE).members.page(paging),
  fetchMember: (c) => c.queues(QUEUE).members('Front').fetch(),
  dequeueMember: (c) => c.queues(QUEUE).members(CALL).update({ url: 'https://example.com/next', method: 'GET' }),

  listRecordings: (c) =>
    c.recordings.page({ ...dates, callSid: CALL, conferenceSid: CONFERENCE, includeSoftDeleted: true, ...paging }),
  fetchRecording: (c) => c.recordings(RECORDING).fetch(),
  deleteRecording: (c) => c.recordings(RECORDING).remove(),
  startRecording: (c) =>
    c.calls(CALL).recordings.create({
      recordingStatusCallback: 'https://example.com/recording',
      recordingStatusCallbackEvent: ['in-progress', 'completed'],
      recordingStatusCallbackMethod: 'GET',
      trim: 'trim-silence',
      recordingChannels: 'dual',
      recordingTrack: 'both',
      recordingConfigurationId: 'RC0123456789abcdef0123456789abcdef',
    }),
  listCallRecordings: (c) => c.calls(CALL).recordings.page({ ...dates, ...paging }),
  updateRecording: (c) => c.calls(CALL).recordings('Twilio.CURRENT').update({ status: 'paused', pauseBehavior: 'skip' }),

  createMessage: (c) =>
    c.messages.create({
      to: '+14155550100',
      from: '+14155550111',
      messagingServiceSid: 'MG0123456789abcdef0123456789abcdef',
      fallbackFrom: '+14155550122',
      body: 'Lunch is ready: 2 × soup & bread\nCome!',
      mediaUrl: ['https://example.com/soup.png', 'https://example.com/bread.png'],
      contentSid: 'HX0123456789abcdef0123456789abcdef',
      contentVariables: '{"1":"soup"}',
      statusCallback: 'https://example.com/status',
      applicationSid: 'AP0123456789abcdef0123456789abcdef',
      sendAt: new Date('2026-03-04T05:01:07Z'),
      scheduleType: 'fixed',
      validityPeriod: 600,
      maxPrice: 0.05,
      provideFeedback: true,
      attempt: 2,
      forceDelivery: false,
      contentRetention: 'discard',
      addressRetention: 'obfuscate',
      smartEncoded: true,
      persistentAction: ['geo:37.787890,-122.391664|375 Beale St', 'tel:911'],
      trafficType: 'free',
      messageIntent: 'notifications',
      shortenUrls: false,
      sendAsMms: true,
      riskCheck: 'disable',
    }),
  fetchMessage: (c) => c.messages(MESSAGE).fetch(),
};

for (const [name, call] of Object.entries(calls)) await ask(name, call);

const fetchCall = (c) => c.calls(CALL).fetch();
await ask('withAnApiKey', fetchCall, 'SK0123456789abcdef0123456789abcdef', { accountSid: ACCOUNT });
await ask('inARegion', fetchCall, ACCOUNT, { region: 'ie1' });
await ask('atAnEdge', fetchCall, ACCOUNT, { edge: 'sydney' });
await ask('atAnEdgeOfARegion', fetchCall, ACCOUNT, { edge: 'dublin', region: 'ie1' });

console.log(JSON.stringify(requests, null, 1));
