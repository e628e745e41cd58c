// Twilio's own library as a client of `phone serve`, unchanged but for the address that it asks,
// and its middleware as the judge of the webhooks that the phone sends.
//
//   node phone_api.mjs PHONE      PHONE is the program of apps/phone
//
// Writes a line for each case: `ok NAME`, or `FAILED NAME: why`. Fails if one does.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { createInterface } from 'node:readline';
import twilio from 'twilio';

for (const name of ['TWILIO_REGION', 'TWILIO_EDGE', 'HTTP_PROXY', 'TWILIO_LOG_LEVEL']) delete process.env[name];

const ACCOUNT = 'AC0123456789abcdef0123456789abcdef';
const SECRET = '5ecret5ecret5ecret5ecret5ecret55';
const KEY = 'SK0123456789abcdef0123456789abcdef';
const KEYS_SECRET = 'keys5ecret';
const OURS = '+15550100';
const ANN = '+14155550111';
const BOB = '+14155550122';
const COACH = '+14155550133';
const MANY = '+14155550177';
const SILENT = '+15005550001'; // rings for ever
const BUSY = '+15005550002';
const PATIENCE = 10_000; // milliseconds for something that happens at once

// ---- The application

const seen = []; // requests, as { method, path, query, fields, cookies }
const waiting = []; // { matches, resolve }
const documents = new Map();
const check = twilio.webhook(SECRET);

/// What the middleware needs of Express.
function dressed(request, response, body) {
  request.body = request.method === 'POST' ? Object.fromEntries(new URLSearchParams(body)) : {};
  request.originalUrl = request.url;
  request.protocol = 'http';
  request.header = (name) => request.headers[name.toLowerCase()];
  response.type = (type) => (response.setHeader('Content-Type', type), response);
  response.status = (status) => ((response.statusCode = status), response);
  response.send = (text) => response.end(String(text));
}

const application = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part) => (body += part));
  request.on('end', () => {
    dressed(request, response, body);
    check(request, response, () => {
      const url = new URL(request.url, 'http://application');
      const one = {
        method: request.method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        fields: { ...Object.fromEntries(url.searchParams), ...request.body },
      };
      const document = documents.get(url.pathname) ?? '';
      response.setHeader('Set-Cookie', 'seen=yes');
      response.type('text/xml').send(`<Response>${document}</Response>`);
      const waiter = waiting.findIndex(({ matches }) => matches(one));
      if (waiter < 0) seen.push(one);
      else waiting.splice(waiter, 1)[0].resolve(one);
    });
  });
});

/// The next request for a path, or one that has come and nobody has waited for.
function requested(path, fields = {}) {
  const matches = (one) =>
    one.path === path && Object.entries(fields).every(([name, value]) => one.fields[name] === value);
  const found = seen.findIndex(matches);
  if (found >= 0) return Promise.resolve(seen.splice(found, 1)[0]);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`nothing was requested from ${path} ${JSON.stringify(fields)}`)), PATIENCE);
    waiting.push({ matches, resolve: (one) => (clearTimeout(late), resolve(one)) });
  });
}

await new Promise((resolve) => application.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${application.address().port}`;
const at = (path) => origin + path;

// ---- The provider

// Takes connections, and never answers.
const sockets = new Set();
const silence = createSocket((socket) => {
  sockets.add(socket);
  socket.on('error', () => {}).on('close', () => sockets.delete(socket));
});
await new Promise((resolve) => silence.listen(0, '127.0.0.1', resolve));
const nowhere = `http://127.0.0.1:${silence.address().port}`;

const telephones = [ANN, BOB, COACH, MANY].map((number) => `${number}=answer`);
telephones.push(`${SILENT}=silent`, `${BUSY}=busy`);
const provider = spawn(
  process.argv[2],
  [
    ...['serve', '--port', '0', '--account', ACCOUNT, '--words-per-minute', '1000'],
    ...['--origin', origin, '--origin', nowhere],
    ...telephones.flatMap((telephone) => ['--telephone', telephone]),
  ],
  {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TWILIO_AUTH_TOKEN: SECRET, TWILIO_API_KEY: KEY, TWILIO_API_SECRET: KEYS_SECRET },
  },
);
let complaints = '';
provider.stderr.setEncoding('utf8').on('data', (text) => (complaints += text));
const ended = new Promise((resolve) => provider.on('exit', resolve));
const api = await new Promise((resolve, reject) => {
  createInterface({ input: provider.stdout }).on('line', (line) => {
    const address = /^The phone is at (http:\/\/[^/]+)\/$/.exec(line);
    if (address) resolve(address[1]);
  });
  provider.once('exit', () => reject(new Error(`the phone has ended: ${complaints}`)));
  provider.once('error', reject);
});

class LocalRequestClient extends twilio.RequestClient {
  request(options) {
    assert.ok(options.uri.startsWith('https://api.twilio.com/'), options.uri);
    return super.request({ ...options, uri: options.uri.replace('https://api.twilio.com', api) });
  }
}

const connected = (user, secret, options = {}) => twilio(user, secret, { httpClient: new LocalRequestClient(), ...options });
const client = connected(ACCOUNT, SECRET);

async function refused(promise, status, code) {
  const error = await promise.then(
    () => assert.fail(`not refused with ${code}`),
    (reason) => reason,
  );
  assert.ok(error instanceof twilio.RestException, String(error?.stack ?? error));
  assert.equal(error.code, code);
  assert.equal(error.status, status);
  assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${code}`);
  assert.ok(error.message.length > 5);
  return error;
}

/// Asks again and again, for a while, until it is so.
async function until(isSo) {
  for (const late = Date.now() + PATIENCE; !(await isSo()); ) {
    assert.ok(Date.now() < late, 'it does not come to be so');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const say = (text, then = '') => `<Response><Say>${text}</Say>${then}</Response>`;
const stay = '<Pause length="60"/>';
const room = (name) =>
  `<Response><Dial><Conference waitUrl="" statusCallback="${at('/conference')}" ` +
  `statusCallbackEvent="start end join leave mute hold modify announcement">${name}</Conference></Dial></Response>`;

/// A call that is answered, and has a document.
async function answeredCall(to, twiml, options = {}) {
  const call = await client.calls.create({
    to,
    from: OURS,
    twiml,
    statusCallback: at('/status'),
    statusCallbackEvent: ['answered', 'completed'],
    ...options,
  });
  await requested('/status', { CallSid: call.sid, CallStatus: 'in-progress' });
  return call;
}

// In 6.2.0, what `create` returns does not know its own SID: `call.fetch()` fails.
const live = (call) => client.calls(call.sid);
const end = (call) => live(call).update({ status: 'completed' });

// ---- Cases

const cases = {
  // So that what the middleware takes below means something.
  async theMiddlewareRefusesStrangers() {
    assert.equal((await fetch(at('/outbound'), { method: 'POST' })).status, 400);
    const signed = { 'X-Twilio-Signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
    assert.equal((await fetch(at('/outbound'), { method: 'POST', headers: signed })).status, 403);
    assert.deepEqual(seen, []);
  },

  async anAccountIsFetched() {
    const account = await client.api.v2010.accounts(ACCOUNT).fetch();
    assert.equal(account.sid, ACCOUNT);
    assert.equal(account.status, 'active');
  },

  async aCallIsCreatedFetchedAndEnded() {
    documents.set('/outbound', `<Say>Hello</Say>${stay}`);
    const call = await client.calls.create({
      to: ANN,
      from: OURS,
      url: at('/outbound?customer=17&name=Zo%C3%AB'),
      statusCallback: at('/status'),
      statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
    });
    assert.match(call.sid, /^CA[0-9a-f]{32}$/);
    assert.equal(call.status, 'queued');
    assert.equal(call.direction, 'outbound-api');
    assert.equal(call.accountSid, ACCOUNT);
    assert.equal(call.to, ANN);
    assert.ok(call.dateCreated instanceof Date);
    const asked = await requested('/outbound', { CallSid: call.sid });
    assert.equal(asked.method, 'POST');
    assert.deepEqual(asked.query, { customer: '17', name: 'Zoë' });
    for (const status of ['initiated', 'ringing', 'in-progress']) {
      await requested('/status', { CallSid: call.sid, CallStatus: status });
    }
    const going = await live(call).fetch();
    assert.equal(going.status, 'in-progress');
    assert.ok(going.startTime instanceof Date);
    assert.equal(going.endTime, null);
    const over = await live(call).update({ status: 'completed' });
    assert.equal(over.status, 'completed');
    assert.ok(over.endTime instanceof Date);
    assert.equal(typeof over.duration, 'string');
    await requested('/status', { CallSid: call.sid, CallStatus: 'completed' });
    await refused(live(call).update({ url: at('/outbound') }), 400, 21220);
    await refused(live(call).update({ status: 'completed' }), 400, 21220);
    assert.equal(await live(call).remove(), true);
    await refused(live(call).fetch(), 404, 20404);
  },

  async aDocumentIsFetchedWithGet() {
    documents.set('/get', stay);
    const call = await client.calls.create({ to: ANN, from: OURS, url: at('/get?a=1&b='), method: 'GET' });
    const asked = await requested('/get', { CallSid: call.sid });
    assert.equal(asked.method, 'GET');
    assert.equal(asked.query.a, '1');
    await end(call);
  },

  async aLiveCallGoesOnWithTwimlAndWithAUrl() {
    const call = await answeredCall(ANN, `<Response>${stay}</Response>`);
    documents.set('/by-twiml', stay);
    documents.set('/by-url', stay);
    const updated = await live(call).update({ twiml: `<Response><Redirect>${at('/by-twiml')}</Redirect></Response>` });
    assert.equal(updated.status, 'in-progress');
    await requested('/by-twiml', { CallSid: call.sid });
    await live(call).update({ url: at('/by-url?from=update'), method: 'POST' });
    const asked = await requested('/by-url', { CallSid: call.sid });
    assert.equal(asked.query.from, 'update');
    await end(call);
  },

  async aCallThatRingsIsCanceled() {
    const call = await client.calls.create({ to: SILENT, from: OURS, twiml: say('Never') });
    await refused(live(call).update({ twiml: say('Too early') }), 400, 21220);
    assert.equal((await live(call).update({ status: 'canceled' })).status, 'canceled');
    assert.equal((await live(call).fetch()).status, 'canceled');
  },

  async aBusyTelephoneIsTold() {
    const call = await client.calls.create({ to: BUSY, from: OURS, twiml: say('Never'), statusCallback: at('/status') });
    assert.equal((await requested('/status', { CallSid: call.sid })).fields.CallStatus, 'busy');
    assert.equal((await live(call).fetch()).status, 'busy');
  },

  async callsArePagedThrough() {
    const to = MANY;
    const made = [];
    for (let i = 0; i < 120; ++i) {
      made.push((await client.calls.create({ to, from: OURS, twiml: '<Response><Hangup/></Response>' })).sid);
    }
    made.reverse();
    const sids = (calls) => calls.map((call) => call.sid);
    assert.deepEqual(sids(await client.calls.list({ to, pageSize: 50 })), made);
    assert.deepEqual(sids(await client.calls.list({ to, limit: 70 })), made.slice(0, 70));
    const first = await client.calls.page({ to, pageSize: 50 });
    assert.equal(first.instances.length, 50);
    assert.equal(first.previousPageUrl, undefined);
    const second = await first.nextPage();
    const third = await second.nextPage();
    assert.deepEqual(sids(third.instances), made.slice(100));
    assert.equal(third.nextPageUrl, undefined);
    assert.deepEqual(sids((await third.previousPage()).instances), sids(second.instances));
    const each = [];
    await client.calls.each({ to, pageSize: 100, callback: (call) => each.push(call.sid) });
    assert.deepEqual(each, made);
    assert.deepEqual(await client.calls.list({ to, startTimeAfter: new Date(Date.now() + 3_600_000) }), []);
  },

  async wrongCredentialsAre20003() {
    await refused(connected(ACCOUNT, 'wrong').calls.list(), 401, 20003);
    await refused(connected(KEY, 'wrong', { accountSid: ACCOUNT }).calls.list(), 401, 20003);
    await refused(connected('AC99999999999999999999999999999999', SECRET).calls.list(), 401, 20003);
  },

  async anApiKeyOpensTheApi() {
    const calls = await connected(KEY, KEYS_SECRET, { accountSid: ACCOUNT }).calls.list({ limit: 1 });
    assert.ok(Array.isArray(calls));
  },

  async whatIsUnknownIs20404() {
    const nobody = 'CA00000000000000000000000000000000';
    await refused(client.calls(nobody).fetch(), 404, 20404);
    await refused(client.calls(nobody).update({ status: 'completed' }), 404, 20404);
    await refused(client.conferences('CF00000000000000000000000000000000').fetch(), 404, 20404);
    await refused(client.queues('QU00000000000000000000000000000000').fetch(), 404, 20404);
    await refused(client.recordings('RE00000000000000000000000000000000').fetch(), 404, 20404);
    await refused(client.messages('SM00000000000000000000000000000000').fetch(), 404, 20404);
    await refused(client.transcriptions.list(), 404, 20404);
  },

  async aCallToNobodyIs21201() {
    await refused(client.calls.create({ to: '', from: OURS, url: at('/outbound') }), 400, 21201);
  },

  async eventsInAWrongFormatAreTakenAndNeverTold() {
    documents.set('/quiet', stay);
    const call = await client.calls.create({
      to: ANN,
      from: OURS,
      url: at('/quiet'),
      statusCallback: at('/never'),
      statusCallbackEvent: ['initiated ringing answered completed'],
    });
    await requested('/quiet', { CallSid: call.sid });
    await end(call);
    assert.deepEqual(seen.filter((one) => one.path === '/never'), []);
  },

  async callbacksToAnAddressThatHangsHoldNothingUp() {
    const hangs = {
      statusCallback: `${nowhere}/status`,
      statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
    };
    documents.set('/goes-on', '<Say>Hello</Say>');
    const calls = [];
    for (let i = 0; i < 100; ++i) {
      calls.push(await client.calls.create({ to: ANN, from: OURS, url: at('/goes-on'), ...hangs }));
    }
    for (const call of calls) await requested('/goes-on', { CallSid: call.sid });
    await until(async () => (await client.calls.list({ to: ANN, status: 'in-progress' })).length === 0);
    assert.equal((await live(calls[0]).fetch()).status, 'completed');
    assert.ok(sockets.size > 0);
  },

  async aConferenceIsHeldMutedCoachedAnnouncedAndEnded() {
    documents.set('/hold-music', stay);
    documents.set('/announcement', '<Say>Hear, hear</Say>');
    const ann = await answeredCall(ANN, room('meeting'));
    const bob = await answeredCall(BOB, room('meeting'));
    const start = await requested('/conference', { StatusCallbackEvent: 'conference-start' });
    const sid = start.fields.ConferenceSid;
    const [found] = await client.conferences.list({ friendlyName: 'meeting', status: 'in-progress' });
    assert.equal(found.sid, sid);
    const conference = client.conferences(sid);
    assert.equal((await conference.fetch()).status, 'in-progress');
    assert.deepEqual((await conference.participants.list()).map((one) => one.callSid).sort(), [ann.sid, bob.sid].sort());

    const muted = await conference.participants(ann.sid).update({ muted: true });
    assert.equal(muted.muted, true);
    await requested('/conference', { StatusCallbackEvent: 'participant-mute', CallSid: ann.sid });
    assert.deepEqual((await conference.participants.list({ muted: true })).map((one) => one.callSid), [ann.sid]);
    assert.equal((await conference.participants(ann.sid).update({ muted: false })).muted, false);

    const held = await conference.participants(bob.sid).update({ hold: true, holdUrl: at('/hold-music'), holdMethod: 'GET' });
    assert.equal(held.hold, true);
    assert.equal((await requested('/hold-music', { CallSid: bob.sid })).method, 'GET');
    const unchanged = await conference.participants(bob.sid).update({ endConferenceOnExit: true });
    assert.equal(unchanged.endConferenceOnExit, false); // no effect while on hold
    assert.equal((await conference.participants(bob.sid).update({ hold: false })).hold, false);

    await conference.participants(ann.sid).update({ announceUrl: at('/announcement') });
    await requested('/announcement', { CallSid: ann.sid });
    await requested('/conference', { StatusCallbackEvent: 'announcement-end' });
    await conference.update({ announceUrl: at('/announcement') });
    await requested('/announcement', { CallSid: bob.sid });

    const added = await conference.participants.create({ from: OURS, to: COACH, label: 'coach', callSidToCoach: ann.sid, coaching: true });
    assert.equal(added.status, 'queued');
    assert.equal(added.label, 'coach');
    await requested('/conference', { StatusCallbackEvent: 'participant-join', CallSid: added.callSid });
    const coach = await conference.participants('coach').fetch();
    assert.equal(coach.coaching, true);
    assert.equal(coach.callSidToCoach, ann.sid);
    assert.equal((await conference.participants('coach').update({ coaching: false })).coaching, false);

    assert.equal(await conference.participants('coach').remove(), true);
    await requested('/conference', { StatusCallbackEvent: 'participant-leave', CallSid: added.callSid });
    await refused(conference.participants('coach').fetch(), 404, 20404);

    const over = await conference.update({ status: 'completed' });
    assert.equal(over.status, 'completed');
    assert.equal(over.reasonConferenceEnded, 'conference-ended-via-api');
    assert.deepEqual(await conference.participants.list(), []);
    await refused(conference.update({ status: 'completed' }), 400, 16022);
    await requested('/status', { CallSid: ann.sid, CallStatus: 'completed' });
  },

  async aParticipantMakesAConference() {
    const added = await client.conferences('by name').participants.create({ from: OURS, to: ANN, earlyMedia: true });
    assert.match(added.conferenceSid, /^CF/);
    const [found] = await client.conferences.list({ friendlyName: 'by name' });
    assert.equal(found.sid, added.conferenceSid);
    await client.calls(added.callSid).update({ status: 'completed' });
  },

  async aQueueIsFilledAndEmptied() {
    const made = await client.queues.create({ friendlyName: 'support & sales', maxSize: 5 });
    assert.match(made.sid, /^QU/);
    const queue = client.queues(made.sid);
    await refused(client.queues.create({ friendlyName: 'support & sales' }), 409, 20409);
    assert.equal((await queue.update({ maxSize: 7 })).maxSize, 7);
    assert.equal((await queue.fetch()).currentSize, 0);
    const waits = '<Response><Enqueue waitUrl="">support &amp; sales</Enqueue></Response>';
    const first = await answeredCall(ANN, waits);
    const second = await answeredCall(BOB, waits);
    const members = await queue.members.list();
    assert.deepEqual(members.map((one) => one.callSid), [first.sid, second.sid]);
    assert.deepEqual(members.map((one) => one.position), [1, 2]);
    assert.equal((await queue.members('Front').fetch()).callSid, first.sid);
    assert.equal((await queue.members(second.sid).fetch()).position, 2);
    assert.ok((await client.queues.list()).some((one) => one.sid === made.sid && one.currentSize === 2));
    await refused(queue.remove(), 409, 20409);
    documents.set('/served', stay);
    await queue.members('Front').update({ url: at('/served'), method: 'POST' });
    await requested('/served', { CallSid: first.sid });
    await queue.members(second.sid).update({ url: at('/served') });
    await requested('/served', { CallSid: second.sid });
    assert.equal(await queue.remove(), true);
    await refused(queue.fetch(), 404, 20404);
    await end(first);
    await end(second);
  },

  async recordingsAreListedDownloadedAndDeleted() {
    documents.set('/after', stay);
    const call = await answeredCall(ANN, say('This call is recorded', `<Pause length="1"/><Redirect>${at('/after')}</Redirect>`), {
      record: true,
      recordingStatusCallback: at('/recording'),
    });
    const running = await live(call).recordings.create({ recordingChannels: 'dual' });
    assert.equal(running.status, 'in-progress');
    assert.equal((await live(call).recordings(running.sid).update({ status: 'paused' })).status, 'paused');
    await requested('/after', { CallSid: call.sid });
    assert.equal((await live(call).recordings(running.sid).update({ status: 'stopped' })).status, 'completed');
    await end(call);
    const told = await requested('/recording', { CallSid: call.sid, RecordingStatus: 'completed' });
    const recordings = await client.recordings.list({ callSid: call.sid });
    assert.equal(recordings.length, 2);
    assert.equal((await live(call).recordings.list()).length, 2);
    const recording = await client.recordings(told.fields.RecordingSid).fetch();
    assert.equal(recording.source, 'OutboundAPI');
    assert.ok(Number(recording.duration) >= 1);
    assert.equal(recording.mediaUrl, told.fields.RecordingUrl);

    const address = recording.mediaUrl; // where the phone is, not the provider
    assert.ok(address.startsWith(`${api}/2010-04-01/Accounts/${ACCOUNT}/Recordings/RE`), address);
    const wave = await fetch(address);
    assert.equal(wave.status, 200);
    assert.equal(wave.headers.get('content-type'), 'audio/x-wav');
    assert.match(wave.headers.get('x-ivr-sound'), /^(spoken|silence)$/);
    const bytes = Buffer.from(await wave.arrayBuffer());
    assert.equal(bytes.toString('latin1', 0, 4), 'RIFF');
    assert.equal(bytes.readUInt32LE(24), 8000);
    assert.equal(bytes.length, 44 + 2 * 8000 * Number(recording.duration));
    assert.deepEqual(Buffer.from(await (await fetch(`${address}.wav`)).arrayBuffer()), bytes);
    const mp3 = await fetch(`${address}.mp3`);
    assert.equal(mp3.headers.get('content-type'), 'audio/mpeg');
    assert.ok((await mp3.arrayBuffer()).byteLength > 100);
    const stranger = await fetch(address, { headers: { Authorization: 'Basic bm9ib2R5OnNlY3JldA==' } });
    assert.equal(stranger.status, 401);

    assert.equal(await recording.remove(), true);
    await refused(recording.fetch(), 404, 20404);
    assert.equal((await fetch(address)).status, 404);
  },

  async messagesAreCreatedFetchedAndListed() {
    const to = '+14155550144';
    const message = await client.messages.create({ to, from: OURS, body: 'Your code is 1234 ✓', statusCallback: at('/message') });
    assert.match(message.sid, /^SM/);
    assert.equal(message.direction, 'outbound-api');
    assert.equal(message.body, 'Your code is 1234 ✓');
    assert.equal(message.numMedia, '0');
    const picture = await client.messages.create({ to, from: OURS, mediaUrl: ['https://example.com/soup.png'] });
    assert.match(picture.sid, /^MM/);
    await requested('/message', { MessageSid: message.sid, MessageStatus: 'delivered' });
    assert.equal((await client.messages(message.sid).fetch()).status, 'delivered');
    assert.deepEqual((await client.messages.list({ to })).map((one) => one.sid), [picture.sid, message.sid]);
    assert.deepEqual(await client.messages.list({ to, dateSentAfter: new Date(Date.now() + 3_600_000) }), []);
    assert.equal((await client.messages.list({ to, dateSentBefore: new Date(Date.now() + 3_600_000), limit: 1 })).length, 1);
    await refused(client.messages.create({ to, from: OURS, body: '' }), 400, 21602);
  },
};

let failures = 0;
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    console.log(`ok ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED ${name}: ${error.stack ?? error}`);
  }
}
if (failures > 0) console.log(await (await fetch(`${api}/phone/timeline`)).text(), complaints);
provider.kill('SIGTERM');
await ended;
application.close();
application.closeAllConnections();
silence.close();
for (const socket of sockets) socket.destroy();
process.exitCode = failures > 0 ? 1 : 0;
