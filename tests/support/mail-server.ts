/** A real SMTP server with an inbox that tests read. */
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

interface Mail {
  readonly to: readonly string[];
  readonly messageId: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
}

export interface MailServer {
  /** `smtp://127.0.0.1:port`, what `--smtp` takes. */
  readonly url: string;
  /** Everything accepted so far, oldest first. */
  readonly inbox: readonly Mail[];
  close(): Promise<void>;
}

/** Starts a server on a free port that accepts every message. */
export async function startMailServer(): Promise<MailServer> {
  const inbox: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, done) {
      simpleParser(stream).then(
        (parsed) => {
          inbox.push(
            toMail(
              parsed,
              session.envelope.rcptTo.map(({ address }) => address),
            ),
          );
          done();
        },
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  // a listening TCP server has an address of this form
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    inbox,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function toMail(parsed: ParsedMail, to: readonly string[]): Mail {
  return {
    to,
    messageId: parsed.messageId ?? '',
    from: parsed.from?.text ?? '',
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
  };
}
