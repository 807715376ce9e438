// SPDX-License-Identifier: GPL-3.0-or-later
// A real mail server (smtp-server) that keeps what it gets. Usage: node mail_sink.mjs [KEY CERTIFICATE], with which it
// offers STARTTLS and wants a password. Prints "ready SMTP_PORT CONTROL_PORT".
//   GET /mails                       [{from, to: […], message}]
//   POST /refuse {times, code, at}   the next so many mails are answered with this code, at their "sender", "recipient"
//                                    or (without `at`) text
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { SMTPServer } from 'smtp-server';

const [key, certificate] = process.argv.slice(2);
const mails = [];
let refuse = { times: 0, code: 451 };
const refusal = (at) => {
  if (refuse.times <= 0 || (refuse.at ?? 'text') !== at) return undefined;
  --refuse.times;
  return Object.assign(new Error('not now'), { responseCode: refuse.code });
};

const smtp = new SMTPServer({
  ...(key ? { key: readFileSync(key), cert: readFileSync(certificate) } : { hideSTARTTLS: true }),
  authOptional: !key,
  onAuth(auth, _, done) {
    if (auth.username === 'berth' && auth.password === 'mail password') done(null, { user: auth.username });
    else done(new Error('wrong'));
  },
  onMailFrom(_, session, done) {
    done(refusal('sender'));
  },
  onRcptTo(_, session, done) {
    done(refusal('recipient'));
  },
  async onData(stream, session, done) {
    let message = '';
    for await (const piece of stream) message += piece;
    const refused = refusal('text');
    if (refused) {
      done(refused);
      return;
    }
    const { mailFrom, rcptTo } = session.envelope;
    mails.push({ from: mailFrom.address, to: rcptTo.map((one) => one.address), secure: session.secure, message });
    done();
  },
});
smtp.on('error', () => {}); // a client that went away

const control = createServer(async (request, response) => {
  let text = '';
  for await (const piece of request) text += piece;
  if (request.method === 'POST') refuse = JSON.parse(text);
  response.end(JSON.stringify(mails));
});

smtp.listen(0, '127.0.0.1', () => {
  control.listen(0, '127.0.0.1', () => {
    console.log(`ready ${smtp.server.address().port} ${control.address().port}`);
  });
});
process.on('SIGTERM', () => process.exit(0));
