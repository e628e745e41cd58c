// The connection to the service: what happens comes as server-sent events, each answer of which
// ends as soon as there is something to tell; what people do goes as commands.

const kNames = ['reset', 'entry', 'call', 'faults', 'crawl', 'menu', 'flows'];
const kTryAgain = 2000;

/** Calls handlers[name](data) for each event, and handlers.connection(isThere). */
export function connect(handlers) {
  let errors = 0;  // since the service has answered
  const isThere = () => {
    errors = 0;
    handlers.connection(true);
  };
  // Once the service is back, it answers the request for events when there is something to tell.
  const probe = async () => {
    const answer = await fetch('.', {cache: 'no-store'}).catch(() => undefined);
    if (answer?.ok) isThere();
    else if (errors > 1) setTimeout(probe, kTryAgain);
  };
  const open = () => {
    const source = new EventSource('phone/events');
    source.onopen = isThere;
    source.onerror = () => {
      // The end of an answer is one, which is no trouble; the request after it has no end.
      if (++errors === 2) {
        handlers.connection(false);
        setTimeout(probe, kTryAgain);
      }
      if (source.readyState === EventSource.CLOSED) setTimeout(open, kTryAgain);
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
