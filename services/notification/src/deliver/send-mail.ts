/** Sends one mail over SMTP, on a connection of its own. The server's answer to DATA decides. */
import { createTransport } from 'nodemailer';
import type { Clock } from '@followme/platform';
import { detailOf, type Attempt } from './attempt.ts';

/** Longest until the server has taken the connection, and until it has greeted, ms. */
const CONNECT_LIMIT_MS = 10_000;
/** Longest for a whole message, ms. */
export const MAIL_LIMIT_MS = 30_000;

/** Where mail goes out. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps); else STARTTLS when the server offers it. */
  readonly secure: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
  /** Address messages come from. */
  readonly from: string;
}

/** A mail to send. */
export interface Mail {
  readonly deliveryId: string;
  readonly to: { readonly name: string; readonly address: string };
  /** Name of the sender, shown beside our address. */
  readonly fromName: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends mails. Never rejects: what went wrong is in the attempt. */
export type SendMail = (mail: Mail, signal: AbortSignal) => Promise<Attempt>;

/** A sender for one server. */
export function createMailSender(deps: { readonly clock: Clock }, server: MailServer): SendMail {
  const isLocal = ['localhost', '127.0.0.1', '::1'].includes(server.host);
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.secure,
    // a password never goes over the network in the clear
    requireTLS: !server.secure && server.login !== null && !isLocal,
    ...(server.login === null
      ? {}
      : { auth: { user: server.login.user, pass: server.login.password } }),
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    connectionTimeout: CONNECT_LIMIT_MS,
    greetingTimeout: CONNECT_LIMIT_MS,
    dnsTimeout: CONNECT_LIMIT_MS,
    socketTimeout: MAIL_LIMIT_MS,
    maxResponseSize: 16_384,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // the part behind the @ of a Message-ID is ours; what devices and people call themselves never gets in
  const domain = server.from.slice(server.from.lastIndexOf('@') + 1);
  return async (mail, stopped) => {
    const limit = new AbortController();
    const cancel = deps.clock.after(MAIL_LIMIT_MS, () => limit.abort());
    try {
      const { response } = await transport.sendMail({
        from: { name: mail.fromName, address: server.from },
        to: { name: mail.to.name, address: mail.to.address },
        subject: mail.subject,
        text: mail.text,
        messageId: `<${mail.deliveryId}@${domain}>`,
        headers: { 'X-Followme-Delivery': mail.deliveryId, 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.any([limit.signal, stopped]),
      });
      return { outcome: 'delivered', detail: detailOf(response) };
    } catch (error) {
      if (limit.signal.aborted) {
        return { outcome: 'failed', detail: `no answer within ${MAIL_LIMIT_MS / 1_000} s` };
      }
      return attemptOfError(error);
    } finally {
      cancel();
    }
  };
}

/** What nodemailer hangs on its errors. */
function fieldOf(error: unknown, name: 'code' | 'command' | 'responseCode' | 'response'): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}

function attemptOfError(error: unknown): Attempt {
  const code = fieldOf(error, 'code');
  const response = fieldOf(error, 'response');
  const said = typeof response === 'string' ? response : null;
  const why = error instanceof Error ? error.message : String(error);
  const detail = detailOf(said ?? (typeof code === 'string' ? `${code}: ${why}` : why));
  return { outcome: said !== null && isRefusal(error, said) ? 'refused' : 'failed', detail };
}

/** No such mailbox, in RFC 5321 4.2.3; 551 and 553 for a mailbox of others and a name that cannot be. */
const NO_MAILBOX: readonly unknown[] = [550, 551, 553];
/** What content is refused with (RFC 5321 4.2.3); quotas (552) may pass. */
const NO_TO_CONTENT: readonly unknown[] = [550, 554];
/** Servers answer with the same numbers when it is we who are not allowed. */
const ABOUT_US = /relay|sender|authenti|log ?in|permission|not allowed|verif/i;

/**
 * Whether the receiver, or its server, does not want this message whenever it comes. Enhanced codes (RFC 3463)
 * decide where there are any: X.1.7 and X.1.8 are about our address, X.7 is about permission. Where an answer
 * leaves it open, it may pass: a wrong setting of ours must not cost every message.
 */
function isRefusal(error: unknown, said: string): boolean {
  if (ABOUT_US.test(said)) return false;
  const responseCode = fieldOf(error, 'responseCode');
  const [, subject, detail] = /^\d{3}[ -]5\.(\d{1,3})\.(\d{1,3})\b/.exec(said) ?? [];
  if (fieldOf(error, 'code') === 'EMESSAGE') {
    if (subject !== undefined) return subject === '6' || (subject === '1' && !isOurs(detail));
    return NO_TO_CONTENT.includes(responseCode);
  }
  if (fieldOf(error, 'command') !== 'RCPT TO') return false;
  if (subject !== undefined) return subject === '1' && !isOurs(detail);
  return NO_MAILBOX.includes(responseCode);
}

const isOurs = (detail: string | undefined): boolean => detail === '7' || detail === '8';
