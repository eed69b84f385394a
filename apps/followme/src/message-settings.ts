/** Settings of what leaves the installation: mail, webhooks, and the address people reach us at. */
import { isIP } from 'node:net';
import type { MailServer } from '@followme/notification';
import { UsageError } from './usage-error.ts';

export interface MessageSettings {
  /** Where mail goes out; null without a mail server. */
  readonly mailServer: MailServer | null;
  /** Where people reach us, without a slash at its end; null when it is not said: messages then have no links. */
  readonly publicUrl: string | null;
  /** Webhooks in private networks may be called. */
  readonly webhookPrivateNetworks: boolean;
}

/** The flags as the command line hands them over. */
export interface MessageFlags {
  readonly smtp?: string;
  readonly mailFrom?: string;
  readonly publicUrl?: string;
  readonly webhookPrivateNetworks?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings from flags and environment. @throws UsageError naming the flag that cannot be used. */
export function readMessageSettings(
  flags: MessageFlags,
  environment: Environment,
): MessageSettings {
  const publicUrl = parsePublicUrl(flags.publicUrl ?? environment['FOLLOWME_PUBLIC_URL'] ?? '');
  const smtp = flags.smtp ?? environment['FOLLOWME_SMTP_URL'] ?? '';
  const from = flags.mailFrom ?? environment['FOLLOWME_MAIL_FROM'] ?? '';
  return {
    publicUrl,
    mailServer: smtp === '' ? null : parseSmtpUrl(smtp, { from, publicUrl }),
    webhookPrivateNetworks:
      flags.webhookPrivateNetworks ??
      parseYesNo(environment['FOLLOWME_WEBHOOK_PRIVATE_NETWORKS'] ?? 'no'),
  };
}

function parsePublicUrl(text: string): string | null {
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new UsageError(`--public-url: got "${text}", expected https://followme.example.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function parseSmtpUrl(
  text: string,
  given: { readonly from: string; readonly publicUrl: string | null },
): MailServer {
  const url = URL.canParse(text) ? new URL(text) : null;
  // the text is not repeated: it holds a password
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new UsageError(
      '--smtp: expected smtp://user:password@host:587 or smtps://user:password@host:465.',
    );
  }
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    login: user === '' ? null : { user, password: decodeURIComponent(url.password) },
    from: given.from === '' ? defaultFrom(user, given.publicUrl) : parseMailAddress(given.from),
  };
}

/** Whoever logs in to the mail server with an address is who messages come from. */
function defaultFrom(user: string, publicUrl: string | null): string {
  if (user.includes('@')) return parseMailAddress(user);
  const host = publicUrl === null ? 'localhost' : new URL(publicUrl).hostname;
  return `followme@${isIP(host.replace(/^\[|\]$/g, '')) === 0 ? host : 'localhost'}`;
}

function parseMailAddress(text: string): string {
  if (/^[^\s@<>"]+@[^\s@<>"]+$/.test(text)) return text;
  throw new UsageError(`--mail-from: got "${text}", expected alerts@followme.example.`);
}

function parseYesNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new UsageError(`FOLLOWME_WEBHOOK_PRIVATE_NETWORKS: got "${text}", expected yes or no.`);
}
