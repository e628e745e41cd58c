// Prints the signature of a form posted to an address, made by Twilio's own library.
//
//   TWILIO_AUTH_TOKEN=... node sign.mjs URL FORM

import twilio from 'twilio';

const [url, form] = process.argv.slice(2);
const fields = Object.fromEntries(new URLSearchParams(form));
console.log(twilio.getExpectedTwilioSignature(process.env.TWILIO_AUTH_TOKEN, url, fields));
