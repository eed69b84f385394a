import { describe, expect, test } from 'vitest';
import { readMessageSettings } from './message-settings.ts';

describe('settings of messages', () => {
  test('without any: no mail server, no links, no private networks', () => {
    expect(readMessageSettings({}, {})).toEqual({
      mailServer: null,
      publicUrl: null,
      webhookPrivateNetworks: false,
    });
  });

  test('a mail server by URL, its port by its kind, the password decoded', () => {
    const { mailServer } = readMessageSettings(
      { smtp: 'smtps://alerts%40x.example:p%3Aw@mail.x.example' },
      {},
    );
    expect(mailServer).toEqual({
      host: 'mail.x.example',
      port: 465,
      secure: true,
      login: { user: 'alerts@x.example', password: 'p:w' },
      from: 'alerts@x.example',
    });
  });

  test('a flag wins over the environment, and who messages come from may be said', () => {
    const environment = {
      FOLLOWME_SMTP_URL: 'smtp://a:b@one.example:2525',
      FOLLOWME_MAIL_FROM: 'one@x.example',
      FOLLOWME_PUBLIC_URL: 'https://one.example/',
      FOLLOWME_WEBHOOK_PRIVATE_NETWORKS: 'yes',
    };
    expect(readMessageSettings({}, environment)).toEqual({
      mailServer: {
        host: 'one.example',
        port: 2525,
        secure: false,
        login: { user: 'a', password: 'b' },
        from: 'one@x.example',
      },
      publicUrl: 'https://one.example',
      webhookPrivateNetworks: true,
    });
    const flags = { smtp: 'smtp://two.example', mailFrom: 'two@x.example' };
    expect(readMessageSettings(flags, environment).mailServer).toMatchObject({
      host: 'two.example',
      port: 587,
      login: null,
      from: 'two@x.example',
    });
  });

  test('without a word on who messages come from it is the address people know', () => {
    const smtp = 'smtp://127.0.0.1:25';
    const fromAt = (publicUrl: string) =>
      readMessageSettings({ smtp, publicUrl }, {}).mailServer?.from;
    expect(fromAt('https://track.example')).toBe('followme@track.example');
    expect(fromAt('http://10.0.0.8:8080')).toBe('followme@localhost');
    expect(fromAt('http://[::1]:8080')).toBe('followme@localhost');
  });

  test.each([
    [{ smtp: 'mail.example' }, '--smtp'],
    [{ smtp: 'http://mail.example' }, '--smtp'],
    [{ smtp: 'smtp://x.example', mailFrom: 'Us <us@x.example>' }, '--mail-from'],
    [{ publicUrl: 'track.example' }, '--public-url'],
    [{ publicUrl: 'https://track.example/?a=1' }, '--public-url'],
  ])('%o is refused and %s named', (flags, name) => {
    expect(() => readMessageSettings(flags, {})).toThrow(name);
  });

  test('a refusal never repeats the password', () => {
    expect(() => readMessageSettings({ smtp: 'smpt://me:secret@x.example' }, {})).toThrow(
      /^(?!.*secret)/,
    );
  });
});
