// A TwiML document, coloured and indented.

import {h} from './dom.js';

const kToken = /(<!--[\s\S]*?(?:-->|$))|(<\?[\s\S]*?(?:\?>|$))|(<\/?[^\s<>/]*)((?:"[^"]*"|'[^']*'|[^<>"'])*)(>|$)|([^<]+)|(<)/g;
const kAttribute = /([^\s=/"']+)(\s*=\s*)("[^"]*"|'[^']*')|(\s+)|([^\s])/g;

const mark = (kind, text) => h('span', {className: `x-${kind}`}, text);

function attributesOf(text) {
  const parts = [];
  for (const match of text.matchAll(kAttribute)) {
    if (match[1] !== undefined) {
      parts.push(mark('name', match[1]), match[2], mark('value', match[3]));
    } else {
      parts.push(match[0]);
    }
  }
  return parts;
}

/** On several lines, if it is on one: a line for each element that holds others. */
function indented(text) {
  if (text.trim().includes('\n')) return text.trim();
  let depth = 0;
  let lines = '';
  const tokens = text.trim().match(/<[^>]*>|[^<]+/g) ?? [text];
  tokens.forEach((token, at) => {
    const isClosing = token.startsWith('</');
    if (isClosing) --depth;
    const isText = !token.startsWith('<');
    const before = tokens[at - 1] ?? '';
    const hugs = isText || (isClosing && !before.startsWith('</') && !before.endsWith('/>') &&
      !before.startsWith('<?'));
    lines += (at === 0 || hugs ? '' : `\n${'  '.repeat(Math.max(depth, 0))}`) + token;
    const isOpening = !isText && !isClosing && !token.endsWith('/>') && !/^<[?!]/.test(token);
    if (isOpening) ++depth;
  });
  return lines;
}

export function twiml(text) {
  const code = h('code', {});
  for (const match of indented(text).matchAll(kToken)) {
    const [, comment, declaration, tag, attributes, end, words, stray] = match;
    if (comment !== undefined) code.append(mark('comment', comment));
    else if (declaration !== undefined) code.append(mark('comment', declaration));
    else if (tag !== undefined) {
      code.append(mark('tag', tag), ...attributesOf(attributes), mark('tag', end));
    } else code.append(words ?? stray);
  }
  return h('pre', {className: 'twiml', tabindex: '0', role: 'region', 'aria-label': 'Document'},
    code);
}

/** What the lint found, as a list; null if it found nothing. */
export function findings(found) {
  if (!found?.length) return null;
  return h('ul', {className: 'findings'}, ...found.map((one) => h('li', {className: one.severity},
    h('strong', {}, one.severity === 'error' ? 'Error' : 'Warning'),
    one.code ? ` ${one.code}` : '', `, line ${one.line}: ${one.message} `,
    h('span', {className: 'quiet'}, one.rule))));
}
