// What Twilio's own library says about signatures. Requests are lines of JSON:
//
//   { url, form, body, token, signature }   form: the body of a form as sent, or null
//                                           body: any other body, or null
//
//   node oracle.mjs sign SEED       writes 500 random requests, signed; the same for the same seed
//   node oracle.mjs verify FILE     writes "true" or "false" for each request in the file

import { readFileSync } from 'node:fs';
import querystring from 'node:querystring';
import twilio from 'twilio';

const COUNT = 500;

// Mulberry32: small, and the same everywhere.
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

const [mode, argument] = process.argv.slice(2);
const random = generator(Number(argument));
const below = (limit) => Math.floor(random() * limit);
const pick = (choices) => choices[below(choices.length)];
const times = (count, make) => Array.from({ length: count }, make);
const text = (pieces, most) => times(below(most + 1), () => pick(pieces)).join('');

// Keys stay in the basic plane: beyond it JavaScript sorts by UTF-16 units and others by bytes.
// Values of repeated keys are sorted as well, so values go beyond it only where a key comes once.
const letters = [...'abcxyzABCXYZ0189'];
const keyPieces = [...letters, '_', '-', '.', '~', '[', ']', ' ', '+', '&', '=', 'é', '日', '～'];
const valuePieces = [...keyPieces, '"', "'", '%', '#', '?', '/', '<', '\\', '\r\n', '\t', '\0', 'ß'];
const knownKeys = ['CallSid', 'From', 'To', 'Digits', 'SpeechResult', 'FromCity', '__proto__', 'Z', 'z', '1'];
const hosts = ['ivr.example.com', 'IVR.Example.COM', 'xn--bcher-kva.example', 'localhost', '127.0.0.1', '[::1]'];
const pathPieces = [...letters, '/', '-', '_', '.x', '~', '%20', '%2F', '%C3%A9', '%c3%a9', "'", '!', ':', '@', '+'];
const queryPieces = [...letters, '-', '.', '~', '+', '%20', '%2B', '%26', '%C3%A9', "'", '%27', '/', '?', '*', '(', '!'];

function randomUrl(queryOfBody) {
  const pairs = times(below(4), () => {
    const name = `q${text(queryPieces, 4)}`;
    return pick([name, `${name}=`, `${name}=${text(queryPieces, 10)}`, 'twice=1']);
  });
  if (queryOfBody) pairs.splice(below(pairs.length + 1), 0, queryOfBody);
  const query = pairs.length || random() < 0.1 ? `?${pairs.join('&')}` : '';
  const port = pick(['', '', '', ':80', ':443', ':8080', ':8443']);
  return `${pick(['http', 'https'])}://${pick(hosts)}${port}/v${text(pathPieces, 12)}${query}`;
}

function randomFields() {
  const fields = new Map();
  for (let left = below(30); left > 0; --left) {
    const key = random() < 0.5 ? pick(knownKeys) : `k${text(keyPieces, 8)}`;
    const repeated = random() < 0.15;
    const value = () => text(repeated ? valuePieces : [...valuePieces, '😀'], 16);
    fields.set(key, repeated ? times(2 + below(3), () => pick([value(), 'same'])) : value());
  }
  return fields;
}

// As some client would send them: in any order, blanks either way.
function encoded(fields) {
  const pairs = [...fields].flatMap(([key, value]) => [value].flat().map((one) => [key, one]));
  for (let i = pairs.length - 1; i > 0; --i) {
    const j = below(i + 1);
    [pairs[i], pairs[j]] = [pairs[j], pairs[i]];
  }
  if (random() < 0.5) return new URLSearchParams(pairs).toString();
  return pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
}

function decoded(form) {
  const fields = new Map();
  for (const [key, value] of new URLSearchParams(form)) {
    fields.set(key, fields.has(key) ? [fields.get(key), value].flat() : value);
  }
  return Object.fromEntries(fields);
}

// Other spellings of an address over which the back end has been seen to sign.
const spellings = {
  asIs: (url) => url,
  withoutPort: (url) => url.replace(/^(\w+:\/\/(?:\[[^\]]*\]|[^/:]*)):\d+/, '$1'),
  withPort: (url) =>
    url.replace(/^(https?)(:\/\/(?:\[[^\]]*\]|[^/:]*))(?=\/)/, (_, scheme, host) => `${scheme}${host}:${scheme === 'https' ? 443 : 80}`),
  legacyQuery: (url) =>
    url.replace(/\?(.+)$/, (_, query) => `?${querystring.stringify(querystring.parse(query))}`),
  quotesEncoded: (url) => url.replace(/\?.*$/, (query) => query.replaceAll("'", '%27')),
};

function verified({ url, form, body, token, signature }) {
  return body === null
    ? twilio.validateRequest(token, signature, url, decoded(form ?? ''))
    : twilio.validateRequestWithBody(token, signature, url, body);
}

function randomRequest() {
  const kind = pick(['form', 'form', 'form', 'get', 'json']);
  const token = times(32, () => pick([...'0123456789abcdef'])).join('');
  const fields = kind === 'form' ? randomFields() : new Map();
  const form = kind === 'form' ? encoded(fields) : null;
  const body = kind === 'json' ? JSON.stringify({ text: text(valuePieces, 40) }) : null;
  const url = randomUrl(body && `bodySHA256=${twilio.getExpectedBodyHash(body)}`);
  const sign = (address) =>
    twilio.getExpectedTwilioSignature(token, address, Object.fromEntries(fields));
  const signedUrl = spellings[pick(Object.keys(spellings))](url);
  const request = { url, form, body, token, signature: sign(signedUrl) };
  // The library does not take every spelling of every address; it does take the plain one.
  return verified(request) ? request : { ...request, signature: sign(url) };
}

if (mode === 'sign') {
  for (let i = 0; i < COUNT; ++i) console.log(JSON.stringify(randomRequest()));
} else if (mode === 'verify') {
  for (const line of readFileSync(argument, 'utf8').split('\n').filter(Boolean)) {
    console.log(verified(JSON.parse(line)));
  }
} else {
  console.error('usage: node oracle.mjs sign SEED | verify FILE');
  process.exitCode = 2;
}
