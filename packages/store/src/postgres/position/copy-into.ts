import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/**
 * Sends `bytes` (binary COPY format) into a table and answers how many rows the server took. The bytes may
 * be used again when it resolves or rejects.
 * @throws the server's error, or the driver's when there is no answer in time.
 */
export async function copyInto(client: ClientBase, target: string, bytes: Buffer): Promise<number> {
  const stream = client.query(copyFrom(`copy ${target} from stdin (format binary)`));
  const done = new Promise<void>((resolve, reject) => {
    // 'finish' comes when the server is ready for the next statement
    stream.once('finish', resolve);
    stream.on('error', reject);
  });
  stream.end(bytes);
  await done;
  return stream.rowCount;
}
