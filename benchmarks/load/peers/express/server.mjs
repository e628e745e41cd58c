// The entry of the lunch line (apps/lunch_line) as Twilio's documentation would have it in Express.
//
//   TWILIO_AUTH_TOKEN=... node server.mjs PORT

import express from 'express';
import twilio from 'twilio';

const app = express();

app.post('/incoming-call', express.urlencoded({ extended: false }), twilio.webhook(), (request, response) => {
  const choice = '/incoming-call-transition-out';
  const twiml = new twilio.twiml.VoiceResponse();
  twiml
    .gather({ action: choice, numDigits: 1 })
    .say('Welcome to Foo Corp! To hear our lunch specials press one. For our hours, press two.');
  twiml.redirect({ method: 'POST' }, choice);
  response.type('text/xml').send(twiml.toString());
});

app.listen(Number(process.argv[2]), '127.0.0.1');
