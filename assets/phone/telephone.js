// One telephone of the page.

import {command} from './live.js';
import {clock, fileOf, h, setText} from './dom.js';
import {recognition} from './sound.js';

const kKeys = [
  ['1', ''], ['2', 'ABC'], ['3', 'DEF'], ['4', 'GHI'], ['5', 'JKL'], ['6', 'MNO'],
  ['7', 'PQRS'], ['8', 'TUV'], ['9', 'WXYZ'], ['*', ''], ['0', '+'], ['#', ''],
];
const kNamesOfKeys = {'*': 'star', '#': 'hash'};
const kMaxLines = 200;

/** How a call ended, in words. */
const kEndings = {
  completed: 'The call has ended.', busy: 'Busy.', 'no-answer': 'Nobody answered.',
  failed: 'The call failed.', canceled: 'The call was cancelled.',
};

let count = 0;

export class Telephone {
  /** `page` gives numbers(), nameOf(number), now() and use(telephone), remove(telephone). */
  constructor(number, page) {
    this.number = number;
    this.page = page;
    this.call = null;  // as the service tells it
    this.id = `telephone-${++count}`;
    this.build();
    this.update();
  }

  setLabel(label) {
    this.label = label;
    this.title.textContent = label;
    this.removeButton.setAttribute('aria-label', `Remove ${label}`);
    this.keypad.setAttribute('aria-label', `Keypad of ${label}`);
    this.log.setAttribute('aria-label', `Heard on ${label}`);
    this.words.setAttribute('aria-label', `Words to say on ${label}`);
  }

  build() {
    const act = (name, values = {}) => () => this.act(name, values);
    this.title = h('h3', {id: `${this.id}-title`});
    this.removeButton = h('button', {
      type: 'button', className: 'plain', onclick: () => this.page.remove(this)}, '×');
    this.status = h('p', {className: 'status', id: `${this.id}-status`});
    this.time = h('span', {className: 'time', 'aria-hidden': 'true'});
    this.log = h('div', {
      className: 'heard', role: 'log', 'aria-live': 'polite', tabindex: '0'});
    this.turn = h('p', {className: 'turn', role: 'status'});
    this.trouble = h('p', {className: 'trouble', role: 'alert'});

    this.numbers = h('select', {id: `${this.id}-to`});
    this.numbersLabel = h('label', {className: 'to', for: `${this.id}-to`}, 'Call ', this.numbers);
    this.callButton = h('button', {type: 'button', className: 'go', onclick: () => this.dial()},
      'Call');
    this.answerButton = h('button', {type: 'button', className: 'go', onclick: act('answer')},
      'Answer');
    this.refuseButton = h('button', {type: 'button', className: 'stop', onclick: act('refuse')},
      'Refuse');
    this.hangUpButton = h('button', {type: 'button', className: 'stop', onclick: act('hangUp')},
      'Hang up');
    this.muteButton = h('button', {
      type: 'button', 'aria-pressed': 'false',
      onclick: () => this.act('participant', {muted: !this.call?.muted})}, 'Mute');
    this.holdButton = h('button', {
      type: 'button', 'aria-pressed': 'false',
      onclick: () => this.act('participant', {hold: !this.call?.hold})}, 'Hold');

    this.keypad = h('div', {className: 'keypad', role: 'group'}, ...kKeys.map(([key, letters]) =>
      h('button', {
        type: 'button', 'data-key': key,
        'aria-label': kNamesOfKeys[key],
        onclick: () => this.press(key)},
      h('span', {className: 'key'}, key), h('span', {className: 'letters', 'aria-hidden': 'true'}, letters))));

    this.words = h('input', {
      type: 'text', maxlength: '500', autocomplete: 'off', placeholder: 'Say …'});
    this.sayButton = h('button', {type: 'submit'}, 'Say');
    this.microphone = this.buildMicrophone();
    this.sayForm = h('form', {
      className: 'say', onsubmit: (event) => {
        event.preventDefault();
        this.say(this.words.value);
      }}, this.words, this.sayButton, this.microphone);

    this.element = h('article', {
      className: 'telephone panel', 'aria-labelledby': `${this.id}-title`,
      onkeydown: (event) => this.onKey(event),
      onfocusin: () => this.page.use(this), onpointerdown: () => this.page.use(this)},
    h('header', {}, h('div', {}, this.title, h('p', {className: 'number'}, this.number)),
      this.removeButton),
    h('div', {className: 'screen'},
      h('div', {className: 'line'}, this.status, this.time), this.log, this.turn),
    h('div', {className: 'actions'}, this.numbersLabel, this.callButton, this.answerButton,
      this.refuseButton, this.muteButton, this.holdButton, this.hangUpButton),
    this.keypad, this.sayForm, this.trouble);
  }

  buildMicrophone() {
    const listening = recognition();
    if (!listening) return null;
    const button = h('button', {type: 'button', 'aria-pressed': 'false'}, 'Speak');
    const show = (isOn) => button.setAttribute('aria-pressed', String(isOn));
    listening.onstart = () => show(true);
    listening.onend = () => show(false);
    listening.onerror = (event) => {
      show(false);
      this.complain(`the microphone did not work: ${event.error}`);
    };
    listening.onresult = (event) => this.say(event.results[0][0].transcript);
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-pressed') === 'true') return listening.stop();
      try {
        listening.start();
      } catch { /* it has begun already */ }
    });
    return button;
  }

  // ---- What people do.

  async act(name, values = {}) {
    this.page.use(this);
    if (!this.call && name !== 'call') return undefined;
    try {
      const answer = await command(name, {call: this.call?.sid, ...values});
      this.complain('');
      return answer;
    } catch (error) {
      this.complain(error.message);
      return undefined;
    }
  }

  complain(why) {
    setText(this.trouble, why ? `That did not work: ${why}.` : '');
  }

  async dial() {
    if (this.isLive()) return;
    this.log.replaceChildren();
    await this.act('call', {from: this.number, to: this.numbers.value});
  }

  press(key) {
    if (!this.isAnswered()) return;
    const button = this.keypad.querySelector(`[data-key="${key}"]`);
    button?.classList.add('down');
    setTimeout(() => button?.classList.remove('down'), 120);
    void this.act('press', {keys: key});
  }

  say(words) {
    if (!words.trim() || !this.isAnswered()) return;
    this.words.value = '';
    void this.act('say', {words});
  }

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches('input, select')) return;
    if (/^[0-9*#]$/.test(event.key)) {
      event.preventDefault();
      this.press(event.key);
    }
  }

  // ---- What happens.

  isLive() {
    return this.call !== null && this.call.activity !== 'ended';
  }
  isAnswered() {
    return this.isLive() && this.call.answered !== undefined;
  }
  isCalled() {
    return this.isLive() && this.call.direction !== 'inbound' && this.call.answered === undefined;
  }

  setCall(call) {
    const hadFocus = this.element.contains(document.activeElement);
    const wasCalled = this.isCalled();
    const wasLive = this.isLive();
    const isNew = call?.sid !== this.call?.sid;
    this.call = call;
    if (isNew) {
      this.log.replaceChildren();
      this.complain('');
    }
    this.update();
    if (this.isCalled() && (!wasCalled || isNew)) this.ring();
    else if (hadFocus && this.hasLostFocus(wasLive)) {
      (this.isLive() ? this.hangUpButton : this.callButton).focus();
    }
  }

  /** What was in use is hidden now, or of no more use: the call is over. */
  hasLostFocus(wasLive) {
    const active = document.activeElement;
    if (active === document.body || active.hidden || active.closest('[hidden]')) return true;
    return active.disabled || (wasLive && !this.isLive() && this.element.contains(active) &&
      !this.isTyping());
  }

  isTyping() {
    return document.activeElement?.matches('input[type=text]') &&
      document.activeElement.value !== '';
  }

  /** Focus moves to it, unless somebody is in the middle of a word. */
  ring() {
    this.page.announce(`${this.label} rings: a call from ${this.call.from}`);
    if (!this.isTyping()) this.answerButton.focus();
    this.element.scrollIntoView({block: 'nearest', inline: 'nearest'});
  }

  hear(entry) {
    const line = this.lineOf(entry);
    if (!line) return;
    this.log.append(line);
    while (this.log.childElementCount > kMaxLines) this.log.firstElementChild.remove();
    this.log.scrollTop = this.log.scrollHeight;
  }

  lineOf(entry) {
    const own = (text) => h('p', {className: 'own'}, text);
    switch (entry.what) {
      case 'says': return h('p', {}, entry.text);
      case 'plays': return h('p', {}, h('span', {className: 'quiet'}, 'Sound: '),
        /^https?:/.test(entry.text) ? fileOf(entry.text) : entry.text);
      case 'hears': return h('p', {}, h('span', {className: 'quiet'},
        `${this.page.labelOfCall(entry.details?.speaker)}: `), entry.text);
      case 'pressed': return own(`You pressed ${entry.text}`);
      case 'spoke': return own(`You said: ${entry.text}`);
      case 'lost': return own(`Nobody listened to: ${entry.text}`);
      case 'ended': return own(kEndings[entry.text] ?? entry.text);
      default: return null;
    }
  }

  update() {
    const call = this.call;
    const isLive = this.isLive();
    const isCalled = this.isCalled();
    this.element.classList.toggle('ringing', isCalled);
    this.element.classList.toggle('live', isLive && !isCalled);
    const show = (element, isShown) => { element.hidden = !isShown; };
    show(this.numbersLabel, !isLive);
    show(this.callButton, !isLive);
    show(this.answerButton, isCalled);
    show(this.refuseButton, isCalled);
    show(this.hangUpButton, isLive && !isCalled);
    const inRoom = isLive && Boolean(call.conferenceSid);
    show(this.muteButton, inRoom);
    show(this.holdButton, inRoom);
    this.muteButton.setAttribute('aria-pressed', String(Boolean(call?.muted)));
    this.holdButton.setAttribute('aria-pressed', String(Boolean(call?.hold)));
    const isOff = !this.isAnswered();
    this.keypad.classList.toggle('off', isOff);
    for (const key of this.keypad.children) key.setAttribute('aria-disabled', String(isOff));
    for (const element of [this.words, this.sayButton, this.microphone]) {
      if (element) element.disabled = isOff;
    }
    this.updateNumbers();
    setText(this.status, this.statusText());
    setText(this.turn, this.turnText());
    this.tick();
  }

  updateNumbers() {
    const numbers = this.page.numbers();
    const known = [...this.numbers.options].map((option) => option.value).join();
    if (known === numbers.map((one) => one.number).join()) return;
    const chosen = this.numbers.value;
    this.numbers.replaceChildren(...numbers.map((one) =>
      h('option', {value: one.number}, one.name || one.number)));
    if (numbers.some((one) => one.number === chosen)) this.numbers.value = chosen;
    this.callButton.disabled = numbers.length === 0;
  }

  statusText() {
    const call = this.call;
    if (!call) return 'Ready';
    const them = this.page.nameOf(call.direction === 'inbound' ? call.to : call.from);
    if (call.activity === 'ended') return kEndings[call.status] ?? 'The call has ended.';
    if (call.activity === 'ringing') {
      return call.direction === 'inbound' ? `Calling ${them} …` : `Rings: ${them} calls`;
    }
    const state = [call.muted ? 'muted' : '', call.hold ? 'on hold' : ''].filter(Boolean);
    const more = state.length ? `, ${state.join(', ')}` : '';
    if (call.conference) return `In the conference ${call.conference}${more}`;
    if (call.queue) return `In the queue ${call.queue}`;
    return `${call.direction === 'inbound' ? 'On the line with' : 'Answered a call of'} ${them}`;
  }

  turnText() {
    const call = this.call;
    if (!this.isAnswered()) return '';
    if (call.activity === 'recording') return 'You are being recorded. Say something, or press a key.';
    if (call.activity === 'dialling') return 'It rings at the other end.';
    const question = call.question;
    if (!question) return '';
    const wanted = [];
    if (question.takesDigits) {
      const digits = question.numDigits;
      wanted.push(!digits ? `press keys${question.finishOnKey ? `, then ${question.finishOnKey}` : ''}`
        : digits === 1 ? 'press one key' : `press ${digits} keys`);
    }
    if (question.takesSpeech) wanted.push('speak');
    const text = `${wanted.join(', or ')}.`;
    const hints = question.hints?.length ? ` For example: ${question.hints.slice(0, 5).join(', ')}.` : '';
    return (call.activity === 'asked' ? 'Your turn: ' : 'You can ') + text + hints;
  }

  tick() {
    const began = this.call?.answered;
    const end = this.call?.ended ?? this.page.now();
    setText(this.time, began === undefined ? '' : clock(end - began).replace(/\.\d$/, ''));
  }
}
