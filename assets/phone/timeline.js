// What happens, in order: a row for each entry of the timeline.

import {byId, duration, fileOf, h, pathOf} from './dom.js';
import {findings, twiml} from './twiml.js';

const kMaxRows = 1500;
const kSlow = 1000;

const kForTheCurious = new Set(['webhook', 'twiml', 'asks', 'waits', 'conference']);

/** What the first column says. */
const kKinds = {
  says: 'hears', plays: 'hears', hears: 'hears', pauses: 'silence', pressed: 'presses',
  spoke: 'says', hungUp: 'hangs up', webhook: 'webhook', twiml: 'document', gathered: 'gave',
  asks: 'is asked', waits: 'turn', lost: 'unheard', notPlayed: 'not played', enqueued: 'queue',
  leftQueue: 'left queue', joined: 'joins', leftConference: 'leaves', updated: 'moved',
};

const badge = (text, kind = '') => h('span', {className: `badge ${kind}`}, text);

function webhookOf(entry) {
  const details = entry.details ?? {};
  const status = Number(details.status ?? 0);
  const took = Number(details.took ?? 0);
  const isBad = entry.code || status === 0 || status >= 400;
  return [
    h('code', {}, `${details.method ?? ''} ${pathOf(entry.text)}`), ' ',
    badge(status ? String(status) : 'no answer', isBad ? 'bad' : 'good'), ' ',
    badge(took >= kSlow ? `slow: ${duration(took)}` : duration(took), took >= kSlow ? 'warn' : ''),
    ...(details.for && details.for !== 'document' ? [' ', badge(wordsOf(details.for))] : []),
    ...(details.attempts ? [' ', badge(`${details.attempts} attempts`, 'warn')] : []),
    ...(details.fault ? [' ', badge(`fault: ${wordsOf(details.fault)}`, 'warn')] : []),
    ...namesIn(details.state).flatMap((state) => [' ', badge(`state ${state}`, 'state')]),
    ...namesIn(details.session).flatMap((name) => [' ', badge(`session: ${name} changed`, 'session')]),
    ...(details.why ? [h('span', {className: 'why'}, ` ${details.why}`)] : []),
  ];
}

/** Names, percent-encoded and separated by commas, as the application tells them. */
function namesIn(text) {
  return (text ?? '').split(',').filter(Boolean).map((name) => {
    try {
      return decodeURIComponent(name.trim());
    } catch {
      return name.trim();
    }
  });
}

/** `statusCallback` as `status callback`. */
function wordsOf(name) {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function documentOf(entry) {
  const found = entry.findings ?? [];
  const summary = h('summary', {}, h('code', {}, pathOf(entry.details?.url ?? '')),
    ...(found.length ? [' ', badge(found.length === 1 ? '1 finding' : `${found.length} findings`,
      found.some((one) => one.severity === 'error') ? 'bad' : 'warn')] : []));
  const box = h('details', {}, summary);
  const open = () => {
    if (box.childElementCount === 1) box.append(twiml(entry.text), findings(found) ?? '');
  };
  box.addEventListener('toggle', open, {once: true});
  return [box];
}

function playOf(entry) {
  const details = entry.details ?? {};
  const isFile = /^https?:/.test(entry.text);
  const cache = details.caching;
  return [
    isFile ? h('span', {title: entry.text}, fileOf(entry.text)) : entry.text,
    ...(details.length ? [' ', badge(duration(Number.parseInt(details.length, 10)))] : []),
    ...(cache ? [' ', badge(cache === 'from the cache' ? 'cache hit' : `cache miss, ${cache}`,
      cache === 'from the cache' ? 'good' : '')] : []),
    ...(details.loop ? [' ', badge(`${details.loop} times`)] : []),
  ];
}

/** `for dtmf speech` in words. */
function askedFor(entry) {
  const {numDigits, hints} = entry.details ?? {};
  const wanted = entry.text.replace('dtmf', 'keys').replace('keys speech', 'keys or speech');
  return [wanted, numDigits ? `${numDigits} at most` : '', hints ? `hints: ${hints}` : '']
    .filter(Boolean).join(', ');
}

function contentOf(entry, labelOfCall) {
  const details = entry.details ?? {};
  const detailText = Object.entries(details).filter(([name]) => !/sid$/i.test(name))
    .map(([name, value]) => `${name} ${value}`).join(', ');
  switch (entry.what) {
    case 'webhook': return webhookOf(entry);
    case 'twiml': return documentOf(entry);
    case 'plays': return playOf(entry);
    case 'says': return [h('q', {}, entry.text)];
    case 'spoke': return [h('q', {}, entry.text)];
    case 'hears': return [h('q', {}, entry.text), ` from ${labelOfCall(details.speaker)}`];
    case 'called': return [`from ${details.from ?? ''} to ${details.to ?? ''}`];
    case 'ended': return [entry.text, ...(details.duration ? [` after ${details.duration}`] : [])];
    case 'message': return [h('q', {}, entry.text), ` to ${details.to ?? ''}`];
    case 'connected':
    case 'disconnected': return [`with ${labelOfCall(details.with)}`];
    case 'gathered': return [details.SpeechResult ?? details.Digits ?? (entry.text || 'nothing')];
    case 'asks': return [askedFor(entry)];
    case 'error':
    case 'warning': return [badge(entry.code, entry.what === 'error' ? 'bad' : 'warn'), ' ',
      entry.text];
    default: return [[entry.text, detailText].filter(Boolean).join(' · ')];
  }
}

export class Timeline {
  /** `page` gives labelOfCall(sid), timeOfDay(moment) and toneOfCall(sid). */
  constructor(page) {
    this.page = page;
    this.list = h('ol', {});
    this.empty = h('p', {className: 'hint'}, 'Call somebody, and what happens is told here.');
    this.box = byId('timeline');
    this.box.append(this.empty, this.list);
    this.filter = byId('filter');
    this.details = byId('details');
    this.save = byId('save');
    this.filter.addEventListener('change', () => this.applyFilter());
    this.details.addEventListener('change', () => this.applyFilter());
  }

  clear() {
    this.list.replaceChildren();
    this.filter.replaceChildren(h('option', {value: ''}, 'all'));
    this.empty.hidden = false;
  }

  add(entry) {
    if (entry.what === 'called') this.addFilter(entry);
    const isAtEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 40;
    const row = h('li', {
      'data-call': entry.call, 'data-what': entry.what, className: `row what-${entry.what}`},
    h('span', {className: 'at'}, this.page.timeOfDay(entry.at)),
    h('span', {className: `who tone-${this.page.toneOfCall(entry.call)}`},
      entry.call ? this.page.labelOfCall(entry.call) : ''),
    h('span', {className: 'kind'}, kKinds[entry.what] ?? entry.what),
    h('div', {className: 'content'}, ...contentOf(entry, (sid) => this.page.labelOfCall(sid))));
    row.hidden = !this.isShown(row);
    this.list.append(row);
    this.empty.hidden = true;
    while (this.list.childElementCount > kMaxRows) this.list.firstElementChild.remove();
    if (isAtEnd) this.box.scrollTop = this.box.scrollHeight;
  }

  addFilter(entry) {
    const label = `${this.page.labelOfCall(entry.call)}, ${entry.details?.from ?? ''} to ${entry.details?.to ?? ''}`;
    this.filter.append(h('option', {value: entry.call}, label));
    while (this.filter.childElementCount > 50) this.filter.children[1].remove();
  }

  isShown(row) {
    const call = this.filter.value;
    if (call && row.dataset.call !== call) return false;
    return this.details.checked || !kForTheCurious.has(row.dataset.what);
  }

  applyFilter() {
    for (const row of this.list.children) row.hidden = !this.isShown(row);
    const call = this.filter.value;
    this.save.href = call ? `phone/timeline?call=${encodeURIComponent(call)}` : 'phone/timeline';
    this.box.scrollTop = this.box.scrollHeight;
  }
}
