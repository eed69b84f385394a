import { withDeadline, type Clock } from '@followme/platform';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** Longer than the server's own limit of a statement: then the network is gone. */
const COPY_TIMEOUT_MS = 35_000;

/**
 * Sends `bytes` (binary COPY format) into a table and answers how many rows the server took. The bytes may
 * be used again when it resolves or rejects.
 * @throws the server's error, or an error when it does not answer in time.
 */
export async function copyInto(
  deps: { readonly clock: Clock; readonly client: ClientBase },
  target: string,
  bytes: Buffer,
): Promise<number> {
  const stream = deps.client.query(copyFrom(`copy ${target} from stdin (format binary)`));
  const done = new Promise<void>((resolve, reject) => {
    // 'finish' comes when the server is ready for the next statement
    stream.once('finish', resolve);
    stream.on('error', reject);
  });
  stream.end(bytes);
  await withDeadline(deps.clock, COPY_TIMEOUT_MS, `copy into ${target}`, done);
  return stream.rowCount;
}
