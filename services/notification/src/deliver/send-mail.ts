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
function fieldOf(error: unknown, name: 'code' | 'responseCode' | 'response'): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}

/** Errors about this message or its receiver; others are about the server, whatever number it says. */
const ABOUT_THE_MESSAGE: readonly unknown[] = ['EENVELOPE', 'EMESSAGE'];

function attemptOfError(error: unknown): Attempt {
  const code = fieldOf(error, 'code');
  const responseCode = fieldOf(error, 'responseCode');
  const response = fieldOf(error, 'response');
  const said = typeof response === 'string' ? response : null;
  const why = error instanceof Error ? error.message : String(error);
  const detail = detailOf(said ?? (typeof code === 'string' ? `${code}: ${why}` : why));
  const isPermanent =
    typeof responseCode === 'number' && responseCode >= 500 && responseCode !== 503;
  const isRefused = isPermanent && ABOUT_THE_MESSAGE.includes(code);
  return { outcome: isRefused ? 'refused' : 'failed', detail };
}
