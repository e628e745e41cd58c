// What Twilio's own library declares of the REST API, for tests/rest/schema_test.cpp.
//
//   node rest_types.mjs     writes one JSON object: the name of each file below, and what it declares
//                           as { interfaces: { name: { member: { type, optional } } },
//                                words: { name: [...] } }

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = dirname(createRequire(import.meta.url).resolve('twilio/package.json'));
const files = [
  'call', 'call/recording', 'conference', 'conference/participant', 'message', 'queue', 'queue/member', 'recording',
];

function declaredIn(file) {
  const text = readFileSync(join(root, 'lib/rest/api/v2010/account', `${file}.d.ts`), 'utf8').replace(
    /\/\*[\s\S]*?\*\//g,
    '',
  );
  const interfaces = {};
  for (const [, name, body] of text.matchAll(/interface (\w+)(?: extends \w+)? \{\n([\s\S]*?)\n\}/g)) {
    interfaces[name] = {};
    for (const [, member, optional, type] of body.matchAll(/^ {4}"?([\w.]+)"?(\??): (.*);$/gm)) {
      interfaces[name][member] = { type, optional: optional === '?' };
    }
  }
  const words = {};
  for (const [, name, list] of text.matchAll(/type (\w+) = ("[^;]*");/g)) {
    words[name] = list.split('|').map((word) => JSON.parse(word.trim()));
  }
  return { interfaces, words };
}

console.log(JSON.stringify(Object.fromEntries(files.map((file) => [file, declaredIn(file)])), null, 1));
