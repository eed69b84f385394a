/** What a position takes on disk and a connection in memory. */
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { rounded, type Measured } from './number.ts';
import { say } from './say.ts';
import { readProgress, type UnderTest } from './under-test.ts';

const KIB = 1_024;

const TABLE_BYTES = `
  select sum(pg_total_relation_size(inhrelid))::float8 as bytes
    from pg_inherits where inhparent = 'followme.position'::regclass`;

/** Resident memory of all our processes, engines left out, bytes. */
export function residentBytes(system: UnderTest): number {
  return system.parts
    .filter(({ isOurs }) => isOurs)
    .map(({ pid }) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * KIB;
    })
    .reduce((a, b) => a + b, 0);
}

/** Bytes of a position in the log (payload) and in the table with its indexes, and of a connection. */
export async function measureSizes(
  system: UnderTest,
  bytesPerConnection: number,
): Promise<Measured[]> {
  const { stored, recorded } = await readProgress(system.metricUrls);
  const texts = await Promise.all(system.metricUrls.map(async (url) => (await fetch(url)).text()));
  const logBytes = texts
    .map((text) => /^followme_log_appended_bytes_total\{stream="positions"\} (\S+)$/m.exec(text))
    .reduce((sum, found) => sum + Number(found?.[1] ?? 0), 0);
  const client = new Client({ connectionString: system.storeUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ bytes: number }>(TABLE_BYTES);
    const size = (what: string, bytes: number): Measured => ({
      name: `${system.name}: ${what}`,
      value: rounded(bytes),
      unit: 'bytes',
      bar: null,
      better: 'lower',
    });
    const sizes = [
      size('a position in the log', logBytes / stored),
      size('a position in the table with its indexes', (rows[0]?.bytes ?? Number.NaN) / recorded),
      size('memory with each device connection', bytesPerConnection),
    ];
    for (const { name, value } of sizes) say(`${name}: ${value} bytes`);
    return sizes;
  } finally {
    await client.end();
  }
}
