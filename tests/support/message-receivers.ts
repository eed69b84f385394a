/** A real mail server and a real webhook receiver that note what arrives, in one list by channel. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Channel = 'email' | 'webhook';

export interface MessageReceivers {
  /** What `--smtp` takes. */
  readonly smtpUrl: string;
  readonly webhookUrl: string;
  /** Delivery ids in the order of arrival, one for each time a receiver said yes. */
  readonly arrived: Readonly<Record<Channel, readonly string[]>>;
  close(): Promise<void>;
}

/**
 * Starts both on free ports. `hear` is called right after a receiver has said yes; each takes `delayMs` to say
 * it.
 */
export async function startMessageReceivers(
  delayMs: number,
  hear: (channel: Channel) => void,
): Promise<MessageReceivers> {
  const arrived: Record<Channel, string[]> = { email: [], webhook: [] };
  const note = (channel: Channel, id: string): void => {
    arrived[channel].push(id);
    hear(channel);
  };
  const mail = startMail(delayMs, (id) => note('email', id));
  const hook = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      setTimeout(() => {
        response.writeHead(204).end(() => {
          note('webhook', String(request.headers['webhook-id']));
        });
      }, delayMs);
    });
  });
  await Promise.all([listen(mail.server), listen(hook)]);
  return {
    smtpUrl: `smtp://127.0.0.1:${portOf(mail.server)}`,
    webhookUrl: `http://127.0.0.1:${portOf(hook)}/in`,
    arrived,
    async close() {
      hook.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => mail.close(() => resolve())),
        new Promise((resolve) => hook.close(resolve)),
      ]);
    },
  };
}

function startMail(delayMs: number, note: (id: string) => void): SMTPServer {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const id = /^X-Followme-Delivery: (\S+)/im.exec(Buffer.concat(chunks).toString())?.[1];
        setTimeout(() => {
          done();
          note(id ?? 'none');
        }, delayMs);
      });
    },
  });
  // a client that is killed in the middle of a command is what is tested
  server.on('error', () => undefined);
  return server;
}

interface Listening {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}

const listen = (server: Listening): Promise<void> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

// a listening TCP server has an address of this form
const portOf = (server: Listening): number => (server.address() as AddressInfo).port;
