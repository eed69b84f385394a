import type { AddressInfo } from 'node:net';
import { systemClock } from '@followme/platform';
import { createFakeClock, waitUntil } from '@followme/testkit';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createMailSender, MAIL_LIMIT_MS, type Mail, type MailServer } from './send-mail.ts';

const MAIL: Mail = {
  deliveryId: 'b7f8c2de-0000-8000-8000-000000000001',
  to: { name: 'Olga Ünal', address: 'olga@x.example' },
  fromName: 'Brand "B" & Co',
  subject: 'Zoë entered “Depot” 🚚',
  text: 'Line one\nLine two\n',
};
const never = new AbortController().signal;

let server: SMTPServer | null = null;
afterEach(async () => {
  await new Promise<void>((resolve) => {
    if (server === null) resolve();
    else server.close(() => resolve());
  });
  server = null;
});

/** A mail server that behaves as told, without TLS and login unless told. */
async function mailServer(
  options: SMTPServerOptions,
): Promise<{ at: MailServer; inbox: ParsedMail[] }> {
  const inbox: ParsedMail[] = [];
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 100,
    onData(stream, _session, done) {
      void simpleParser(stream).then((mail) => {
        inbox.push(mail);
        done();
      });
    },
    ...options,
  });
  // clients that hang up in the middle are part of what is tested
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', () => resolve()));
  // a listening TCP server has an address of this form
  const { port } = server.server.address() as AddressInfo;
  const at = { host: '127.0.0.1', port, secure: false, login: null, from: 'alerts@brand.example' };
  return { at, inbox };
}

const send = (at: MailServer, signal = never) =>
  createMailSender({ clock: systemClock }, at)(MAIL, signal);

const saying = (code: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode: code });

/** A server that says no at one step. */
const answering = (step: 'MAIL' | 'RCPT' | 'DATA', code: number, text: string) =>
  mailServer({
    hideENHANCEDSTATUSCODES: true,
    ...(step === 'MAIL'
      ? { onMailFrom: (_address, _session, done) => done(saying(code, text)) }
      : {}),
    ...(step === 'RCPT'
      ? { onRcptTo: (_address, _session, done) => done(saying(code, text)) }
      : {}),
    ...(step === 'DATA'
      ? {
          onData: (stream, _session, done) =>
            void stream.resume().on('end', () => done(saying(code, text))),
        }
      : {}),
  });

test('NT22 a mail arrives with its id, its sender’s name and its text', async () => {
  const { at, inbox } = await mailServer({});
  expect((await send(at)).outcome).toBe('delivered');
  expect((await send(at)).outcome).toBe('delivered');
  expect(inbox).toHaveLength(2);
  for (const mail of inbox) {
    expect(mail.messageId).toBe(`<${MAIL.deliveryId}@brand.example>`);
    expect(mail.headers.get('x-followme-delivery')).toBe(MAIL.deliveryId);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.from?.value).toEqual([{ name: MAIL.fromName, address: 'alerts@brand.example' }]);
    expect(mail.to).toMatchObject({
      value: [MAIL.to].map(({ name, address }) => ({ name, address })),
    });
    expect(mail.subject).toBe(MAIL.subject);
    expect(mail.text).toBe(MAIL.text);
  }
});

test('NT22 names cannot add headers or receivers', async () => {
  const recipients: string[] = [];
  const { at, inbox } = await mailServer({
    onRcptTo(address, _session, done) {
      recipients.push(address.address);
      done();
    },
  });
  const nasty = {
    ...MAIL,
    fromName: 'A\r\nBcc: spy@x.example',
    subject: 'S\r\nBcc: spy@x.example\r\n\r\nbody',
    to: { name: 'O, spy@x.example', address: 'olga@x.example' },
  };
  await createMailSender({ clock: systemClock }, at)(nasty, never);
  expect(recipients).toEqual(['olga@x.example']);
  expect(inbox[0]?.bcc).toBeUndefined();
  expect(inbox[0]?.text).toBe(MAIL.text);
});

describe('NT19 a mail', () => {
  test('whose receiver is refused for good is refused, with what the server said', async () => {
    const { at } = await mailServer({
      onRcptTo: (_address, _session, done) => done(saying(550, 'No such mailbox')),
    });
    expect(await send(at)).toEqual({ outcome: 'refused', detail: '550 No such mailbox' });
  });
  test.each([
    ['RCPT', 550, '5.1.1 User unknown'],
    ['RCPT', 553, 'No such name'],
    ['DATA', 554, '5.6.0 Content refused'],
  ] as const)('that is answered %s %i %s is refused', async (at, code, text) => {
    const { at: to } = await answering(at, code, text);
    expect(await send(to)).toEqual({ outcome: 'refused', detail: `${code} ${text}` });
  });
  test.each([
    ['MAIL', 530, 'Authentication required'],
    ['MAIL', 550, 'Sender not allowed'],
    ['MAIL', 550, '5.1.0 Address rejected'],
    ['MAIL', 552, 'Quota'],
    ['RCPT', 530, '5.7.0 Must issue STARTTLS first'],
    ['RCPT', 535, '5.7.8 Who are you'],
    ['RCPT', 538, 'Encryption required'],
    ['RCPT', 554, 'Relay access denied'],
    ['RCPT', 550, 'relay not permitted'],
    ['RCPT', 550, '5.7.1 We do not do that for you'],
    ['RCPT', 550, '5.1.8 Domain not found'],
    ['RCPT', 553, '5.7.1 Not owned by user'],
    ['RCPT', 550, '5.2.2 Mailbox full'],
    ['DATA', 550, '5.7.60 Client may not send as this'],
    ['DATA', 554, 'Message rejected: Email address is not verified'],
    ['DATA', 552, 'Quota'],
  ] as const)('that is answered %s %i %s has failed: it may pass', async (at, code, text) => {
    const { at: to } = await answering(at, code, text);
    expect(await send(to)).toEqual({ outcome: 'failed', detail: `${code} ${text}` });
  });
  test('whose receiver is refused for now has failed', async () => {
    const { at } = await mailServer({
      onRcptTo: (_address, _session, done) => done(saying(450, 'Mailbox busy')),
    });
    expect(await send(at)).toEqual({ outcome: 'failed', detail: '450 Mailbox busy' });
  });
  test('whose content is refused for good is refused', async () => {
    const { at } = await mailServer({
      onData: (stream, _session, done) =>
        void stream.resume().on('end', () => done(saying(554, 'Looks like spam'))),
    });
    expect(await send(at)).toEqual({ outcome: 'refused', detail: '554 Looks like spam' });
  });
  test('whose content is refused for now has failed', async () => {
    const { at } = await mailServer({
      onData: (stream, _session, done) =>
        void stream.resume().on('end', () => done(saying(451, 'Try later'))),
    });
    expect(await send(at)).toEqual({ outcome: 'failed', detail: '451 Try later' });
  });
  test('that the server hangs up on in the middle of its content has failed', async () => {
    let cut = 0;
    const { at } = await mailServer({
      onData: () => {
        for (const connection of server?.connections ?? []) {
          Reflect.get(connection, '_socket').destroy();
          cut += 1;
        }
      },
    });
    expect((await send(at)).outcome).toBe('failed');
    expect(cut).toBe(1);
  });
  test('to a server that is down has failed', async () => {
    const { at } = await mailServer({});
    await new Promise<void>((resolve) => server?.close(() => resolve()));
    server = null;
    const attempt = await send(at);
    expect(attempt.outcome).toBe('failed');
    expect(attempt.detail).toContain('ECONNREFUSED');
  });
  test('to a server that turns us away has failed, whatever number it says', async () => {
    const { at } = await mailServer({
      onConnect: (_session, done) => done(saying(554, 'Not you')),
    });
    expect((await send(at)).outcome).toBe('failed');
  });
  test('with a login that is not taken has failed: it is not about the message', async () => {
    const { at } = await mailServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(saying(535, 'Who are you')),
    });
    const attempt = await send({ ...at, login: { user: 'a', password: 'b' } });
    expect(attempt.outcome).toBe('failed');
    expect(attempt.detail).not.toContain('password');
  });
  test('to a server whose certificate is nobody’s we trust has failed', async () => {
    const { at, inbox } = await mailServer({ disabledCommands: ['AUTH'] });
    expect((await send(at)).outcome).toBe('failed');
    expect(inbox).toEqual([]);
  });
  test('to a server that takes for ever has failed after thirty seconds', async () => {
    const begun: boolean[] = [];
    const { at } = await mailServer({
      onData: (stream) => void stream.resume().on('end', () => begun.push(true)),
    });
    const clock = createFakeClock();
    const sending = createMailSender({ clock }, at)(MAIL, never);
    await waitUntil(() => begun.length > 0, 5_000, 'the content');
    await clock.advance(MAIL_LIMIT_MS);
    expect(await sending).toEqual({ outcome: 'failed', detail: 'no answer within 30 s' });
  });
  test('under way when the service stops has failed', async () => {
    const begun: boolean[] = [];
    const { at } = await mailServer({
      onData: (stream) => void stream.resume().on('end', () => begun.push(true)),
    });
    const stop = new AbortController();
    const sending = send(at, stop.signal);
    await waitUntil(() => begun.length > 0, 5_000, 'the content');
    stop.abort();
    expect((await sending).outcome).toBe('failed');
  });
});
