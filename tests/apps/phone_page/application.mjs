// An application for the page: a conference, a number that is dialled, a question with a mistake in
// its document, and a message.

import {createServer} from 'node:http';

const kDocuments = {
  '/meeting': '<Say>Welcome to the meeting.</Say><Dial><Conference>meeting</Conference></Dial>',
  '/agent': '<Dial timeout="20"><Number>+14155550177</Number></Dial>',
  '/mistake': '<Gather numDigits="2" input="dtmf speech" hints="salami, cheese">' +
    '<Say vioce="alice">Which pizza?</Say></Gather>',
};

/** What an application of this library tells in development mode. */
const kTold = {'X-Ivr-State': 'WHICH%2C%20PIZZA', 'X-Ivr-Session': 'language, Order.count'};

/** The same of a flow. */
const kFlows = {flows: [{
  name: 'support',
  nodes: [
    {id: 'in_line', label: 'in_line', isStart: true}, {id: 'gone', label: 'gone', isEnd: true},
    {id: 'in_talk', label: 'in_talk'}],
  edges: [
    {from: 'in_line', to: 'gone', label: 'hangs_up'}, {from: 'in_line', to: 'in_talk', label: 'joins'},
    {from: 'in_talk', to: 'gone', label: 'hangs_up'}, {from: 'gone', to: 'in_line', label: 'called_back'},
    {from: 'in_talk', to: 'in_talk', label: 'hangs_up\nis_asked'}],
}]};

/** Serves it on a free port. */
export async function startApplication() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url === '/.ivr/flows') {
        response.writeHead(200, {'Content-Type': 'application/json'});
        response.end(JSON.stringify(kFlows));
        return;
      }
      const verbs = kDocuments[request.url];
      response.writeHead(verbs ? 200 : 404, {
        'Content-Type': 'text/xml',
        ...(request.url === '/mistake' ? kTold : {}),
        ...(request.url === '/meeting' ? {'X-Ivr-State': 'in_line'} : {}),
      });
      response.end(`<?xml version="1.0" encoding="UTF-8"?><Response>${verbs ?? ''}</Response>`);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
