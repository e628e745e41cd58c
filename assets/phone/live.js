// The connection to the service: what happens comes as server-sent events, each answer of which
// ends as soon as there is something to tell; what people do goes as commands.

const kNames = ['reset', 'entry', 'call', 'faults', 'crawl', 'menu', 'flows'];
const kTryAgain = 2000;
const kLooksLost = 3000;

/** Calls handlers[name](data) for each event, and handlers.connection(isThere). */
export function connect(handlers) {
  let lost = 0;
  const open = () => {
    const source = new EventSource('phone/events');
    source.onopen = () => {
      clearTimeout(lost);
      lost = 0;
      handlers.connection(true);
    };
    source.onerror = () => {
      // An answer that ended is no trouble; one that does not come again is.
      if (!lost) lost = setTimeout(() => handlers.connection(false), kLooksLost);
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(open, kTryAgain);
    };
    for (const name of kNames) {
      source.addEventListener(name, (event) => handlers[name](JSON.parse(event.data)));
    }
  };
  open();
}

/** Does something. Returns the answer, or throws an Error with a sentence. */
export async function command(name, values = {}) {
  let response;
  try {
    response = await fetch(`phone/${name}`, {
      method: 'POST',
      headers: {'Content-Type': 'application/json', 'X-Ivr-Phone': '1'},
      body: JSON.stringify(values),
    });
  } catch {
    throw new Error('the phone does not answer: is it still running?');
  }
  const answer = await response.json().catch(() => ({error: `status ${response.status}`}));
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
