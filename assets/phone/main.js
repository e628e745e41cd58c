// The page: telephones at the left, and what happens beside them.

import {byId, h, setText} from './dom.js';
import {command, connect} from './live.js';
import {MenuView} from './menu.js';
import {Sound} from './sound.js';
import {Telephone} from './telephone.js';
import {Timeline} from './timeline.js';

const kFirstNumber = 14155550101;
const kMaxTelephones = 8;
const kTones = 6;
const kMaxCalls = 500;
const kMaxMessages = 200;

const kFaults = [
  ['slow', 'Slow', 'The answer comes 3 seconds later'],
  ['serverError', 'Error 503', 'The answer is a 503'],
  ['dropped', 'No connection', 'The connection fails before the request arrives'],
  ['answerDropped', 'Lost answer', 'The application gets the request, its answer is lost'],
  ['timeout', 'No answer', 'No answer comes within 15 seconds'],
  ['hangUp', 'Hang up', 'The caller hangs up while the application works'],
];
const kReactions = {
  answers: 'answers', machine: 'has an answering machine', busy: 'is busy', refuses: 'refuses',
  rings: 'rings', fails: 'does not exist',
};

class Page {
  constructor() {
    this.served = [];  // numbers that applications answer
    this.played = [];  // telephones that play themselves
    this.calls = new Map();
    this.telephones = [];
    this.clockOffset = 0;
    this.sound = new Sound();
    this.timeline = new Timeline(this);
    this.menu = new MenuView(this);
    this.messages = byId('messages');
    this.buildFaults();
    this.buildTabs();
    for (const number of this.remembered()) this.addTelephone(number);
    byId('add').addEventListener('click', () => this.addTelephone(this.freeNumber())?.callButton.focus());
    setInterval(() => this.telephones.forEach((one) => one.tick()), 500);
    connect({
      connection: (isThere) => setText(byId('connection'), isThere ? 'Connected' : 'Not connected: trying again …'),
      reset: (all) => this.reset(all),
      entry: (entry) => this.see(entry),
      call: (call) => this.setCall(call),
      faults: (faults) => this.setFaults(faults.toCome),
      crawl: (crawl) => this.menu.setCrawl(crawl),
      menu: (menu) => this.menu.setMenu(menu),
      flows: (flows) => this.menu.setFlows(flows),
    });
  }

  // ---- Telephones.

  remembered() {
    try {
      const numbers = JSON.parse(localStorage.getItem('telephones') ?? '[]');
      const good = numbers.filter((one) => /^(client:)?[\w.+-]+$/.test(one)).slice(0, kMaxTelephones);
      if (good.length) return good;
    } catch { /* nothing is remembered */ }
    return [`+${kFirstNumber}`];
  }

  remember() {
    try {
      localStorage.setItem('telephones', JSON.stringify(this.telephones.map((one) => one.number)));
    } catch { /* it is forgotten */ }
  }

  freeNumber() {
    for (let number = kFirstNumber; ; ++number) {
      const text = `+${number}`;
      const isTaken = this.telephones.some((one) => one.number === text) ||
        this.served.some((one) => one.number === text) || this.played.some((one) => one.number === text);
      if (!isTaken) return text;
    }
  }

  addTelephone(number) {
    if (this.telephones.length >= kMaxTelephones) {
      this.announce(`There is room for ${kMaxTelephones} telephones.`);
      return undefined;
    }
    const telephone = new Telephone(number, this);
    this.telephones.push(telephone);
    byId('telephones').append(telephone.element);
    this.label();
    if (!this.sound.listener) this.sound.listen(telephone);
    this.assign(telephone);
    return telephone;
  }

  remove(telephone) {
    if (telephone.isLive()) void telephone.act(telephone.isCalled() ? 'refuse' : 'hangUp');
    this.telephones = this.telephones.filter((one) => one !== telephone);
    this.sound.forget(telephone);
    telephone.element.remove();
    this.label();
    byId('add').focus();
  }

  label() {
    this.telephones.forEach((one, at) => one.setLabel(`Telephone ${at + 1}`));
    this.remember();
  }

  use(telephone) {
    this.sound.listen(telephone);
  }

  /** Whose call it is: the telephone that made it, or that it was made to. */
  ownerOf(call) {
    const number = call.direction === 'inbound' ? call.from : call.to;
    return this.telephones.find((one) => one.number === number);
  }

  /** The call that a telephone shows: one that goes on, or else the last. */
  assign(telephone) {
    const mine = [...this.calls.values()].filter((call) => this.ownerOf(call) === telephone);
    const live = mine.filter((call) => call.activity !== 'ended');
    const call = live.find((one) => one.answered !== undefined) ?? live[0] ?? mine.at(-1) ?? null;
    telephone.setCall(call);
  }

  // ---- What the service tells.

  reset(all) {
    this.served = all.numbers;
    this.played = all.telephones;
    this.clockOffset = all.now - performance.now();
    this.calls = new Map(all.calls.sort((left, right) => left.began - right.began)
      .map((call) => [call.sid, call]));
    setText(byId('others'), all.telephones.length === 0
      ? 'A number that the application dials rings here.'
      : `${all.telephones.map((one) => `${one.number} ${kReactions[one.reaction] ?? ''}`).join('; ')}. Any other number that the application dials rings here.`);
    this.timeline.clear();
    this.messages.replaceChildren();
    for (const telephone of this.telephones) telephone.setCall(null);
    for (const call of this.calls.values()) this.makeRoomFor(call);
    for (const telephone of this.telephones) this.assign(telephone);
    for (const entry of all.entries) this.show(entry, false);
    this.setFaults(all.faults);
    this.menu.menus = new Map(all.menus.map((menu) => [menu.number, menu]));
    this.menu.flows = new Map(all.flows.map((one) => [one.number, one.flows]));
    this.menu.setNumbers(all.numbers);
    this.menu.setCrawl(all.crawl);
    this.countMessages();
  }

  see(entry) {
    this.clockOffset = Math.max(this.clockOffset, entry.at - performance.now());
    if (entry.what === 'called' && !this.calls.has(entry.call)) {
      // The first that is heard of it; more comes with the next event.
      const details = entry.details ?? {};
      this.setCall({sid: entry.call, from: details.from ?? '', to: details.to ?? '',
        direction: details.direction ?? 'inbound', parent: details.parent, activity: 'ringing',
        status: 'ringing', began: entry.at});
    }
    this.show(entry, true);
  }

  show(entry, isNews) {
    this.timeline.add(entry);
    if (entry.what === 'message') this.addMessage(entry);
    const call = this.calls.get(entry.call);
    const telephone = call ? this.ownerOf(call) : undefined;
    if (!telephone || telephone.call?.sid !== entry.call) return;
    telephone.hear(entry);
    if (isNews) this.sound.see(telephone, entry);
  }

  setCall(call) {
    this.calls.set(call.sid, call);
    if (this.calls.size > kMaxCalls) this.forgetCalls();
    this.makeRoomFor(call);
    const telephone = this.ownerOf(call);
    if (telephone) this.assign(telephone);
    this.menu.light();
  }

  forgetCalls() {
    for (const [sid, call] of this.calls) {
      if (this.calls.size <= kMaxCalls) return;
      if (call.activity === 'ended') this.calls.delete(sid);
    }
  }

  /** A number that nobody has, and that rings, gets a telephone. */
  makeRoomFor(call) {
    if (call.activity === 'ended' || call.direction === 'inbound' || this.ownerOf(call)) return;
    if (this.played.some((one) => one.number === call.to)) return;
    this.addTelephone(call.to);
  }

  // ---- For the parts of the page.

  numbers() {
    return this.served;
  }
  nameOf(number) {
    return this.served.find((one) => one.number === number)?.name || number;
  }
  now() {
    return performance.now() + this.clockOffset;
  }
  labelOfCall(sid) {
    const call = this.calls.get(sid);
    if (!call) return sid ? `${sid.slice(0, 6)}…` : '';
    return this.ownerOf(call)?.label ?? (call.direction === 'inbound' ? call.from : call.to);
  }
  /** 19:28:41.2, of a moment of the service. */
  timeOfDay(moment) {
    const date = new Date(Date.now() + moment - this.now());
    const two = (number) => String(number).padStart(2, '0');
    return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${Math.floor(date.getMilliseconds() / 100)}`;
  }
  toneOfCall(sid) {
    const call = this.calls.get(sid);
    const at = call ? this.telephones.indexOf(this.ownerOf(call)) : -1;
    return at < 0 ? 'none' : at % kTones;
  }
  /** The nodes at which calls are, of the menu and of the flows of a number, with who is there. */
  placesOf(number) {
    const places = new Map();
    for (const telephone of this.telephones) {
      const call = telephone.call;
      if (!telephone.isLive() || (call.to !== number && call.from !== number)) continue;
      for (const place of [call.place, call.state && `state:${call.state}`]) {
        if (place) places.set(place, [...(places.get(place) ?? []), telephone.label]);
      }
    }
    return places;
  }
  announce(text) {
    const announcer = byId('announcer');
    announcer.textContent = '';
    announcer.textContent = text;
  }

  // ---- Faults, messages, tabs.

  buildFaults() {
    byId('faults').append(...kFaults.map(([fault, label, explanation]) => h('button', {
      type: 'button', title: explanation, onclick: () => this.run('fault', {fault})}, label)));
  }

  async run(name, values) {
    try {
      await command(name, values);
    } catch (error) {
      this.announce(`That did not work: ${error.message}.`);
    }
  }

  setFaults(toCome) {
    const line = byId('faults-to-come');
    if (toCome.length === 0) return line.replaceChildren();
    const names = toCome.map((fault) => kFaults.find(([name]) => name === fault)?.[1] ?? fault);
    return line.replaceChildren(`To come: ${names.join(', ')}. `,
      h('button', {type: 'button', className: 'plain', onclick: () => {
        byId('faults').firstElementChild.focus();
        this.run('clearFaults');
      }}, 'None after all'));
  }

  addMessage(entry) {
    const details = entry.details ?? {};
    this.messages.append(h('li', {},
      h('p', {className: 'quiet'}, `From ${details.from ?? ''} to ${details.to ?? ''}`),
      h('p', {}, entry.text)));
    while (this.messages.childElementCount > kMaxMessages) this.messages.firstElementChild.remove();
    this.countMessages();
  }

  countMessages() {
    const count = this.messages.childElementCount;
    setText(byId('message-count'), count ? `(${count})` : '');
    byId('no-messages').hidden = count > 0;
  }

  buildTabs() {
    const tabs = [...document.querySelectorAll('[role=tab]')];
    const choose = (chosen) => {
      for (const tab of tabs) {
        const isChosen = tab === chosen;
        tab.setAttribute('aria-selected', String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        byId(tab.getAttribute('aria-controls')).hidden = !isChosen;
      }
    };
    tabs.forEach((tab, at) => {
      tab.addEventListener('click', () => choose(tab));
      tab.addEventListener('keydown', (event) => {
        const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
        if (!step) return;
        const next = tabs[(at + step + tabs.length) % tabs.length];
        choose(next);
        next.focus();
      });
    });
  }
}

new Page();
