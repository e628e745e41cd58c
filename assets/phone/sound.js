// What is heard: by the voice of the browser, if it has one, and from the files that the
// application serves. One telephone is heard at a time, the one that was used last. When a sound
// ends is for the service to say: it knows when the next thing happens.

import {byId} from './dom.js';

const kAudioUrl = 'phone/audio?url=';

/** What ends whatever is heard. */
const kEnds = new Set([
  'says', 'plays', 'pauses', 'waits', 'gathered', 'twiml', 'ended', 'joined', 'leftConference',
  'connected', 'disconnected', 'enqueued', 'leftQueue', 'dials', 'updated',
]);

export class Sound {
  constructor() {
    this.voice = globalThis.speechSynthesis ?? null;
    this.audio = new Audio();
    this.listener = null;  // the telephone that is heard
    this.last = new Map();  // telephone -> what it hears
    this.toggle = byId('sound');
    try {
      this.toggle.checked = localStorage.getItem('sound') !== 'off';
    } catch {
      this.toggle.checked = true;
    }
    this.toggle.addEventListener('change', () => {
      try {
        localStorage.setItem('sound', this.toggle.checked ? 'on' : 'off');
      } catch { /* it is forgotten */ }
      if (this.toggle.checked) this.begin(this.last.get(this.listener));
      else this.end();
    });
  }

  /** From now on this telephone is heard. */
  listen(telephone) {
    if (this.listener === telephone) return;
    this.end();
    this.listener = telephone;
    const heard = this.last.get(telephone);
    if (heard?.what === 'plays') this.begin(heard);  // words are not begun in the middle
  }

  forget(telephone) {
    if (this.listener === telephone) this.end();
    this.last.delete(telephone);
  }

  /** Something happens at a telephone. */
  see(telephone, entry) {
    if (!kEnds.has(entry.what)) return;
    const isHeard = telephone === this.listener;
    if (isHeard) this.end();
    if (entry.what !== 'says' && entry.what !== 'plays') {
      this.last.delete(telephone);
      return;
    }
    this.last.set(telephone, entry);
    if (isHeard) this.begin(entry);
  }

  begin(entry) {
    if (!entry || !this.toggle.checked) return;
    const times = Math.min(Number(entry.details?.loop ?? 1), 100);
    if (entry.what === 'says') {
      if (!this.voice || typeof SpeechSynthesisUtterance === 'undefined') return;
      for (let i = 0; i < times; ++i) {
        const words = new SpeechSynthesisUtterance(entry.text);
        if (entry.details?.language) words.lang = entry.details.language;
        this.voice.speak(words);
      }
    } else if (/^https?:/i.test(entry.text)) {
      this.audio.src = kAudioUrl + encodeURIComponent(entry.text);
      this.audio.loop = times > 1;
      this.audio.play().catch(() => { /* no sound, or not yet allowed */ });
    }
  }

  end() {
    this.voice?.cancel();
    this.audio.pause();
  }
}

/** A microphone that writes down what is said; null where the browser has none. */
export function recognition() {
  const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
  return Recognition ? new Recognition() : null;
}
