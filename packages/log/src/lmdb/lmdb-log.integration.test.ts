import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createMetrics, silentLogger } from '@followme/platform';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendTexts, bytes, lane, numbered, readAll, sequence } from '../contract/subject.ts';
import { DUPLICATE_WINDOW_MS, type Log } from '../port.ts';
import { MAX_PENDING_BYTES } from './appender.ts';
import { createCommitter } from './committer.ts';
import { openEngine } from './engine.ts';
import { LaneState, loadLane, readChunk } from './lane.ts';
import { createLmdbLog } from './lmdb-log.ts';
import { readLane } from './reader.ts';
import { createLogFolder, type LogFolder } from './test-log.ts';

const lanes = { positions: 4, events: 2 };
const spot = { stream: 'positions', lane: lane(0) } as const;

let folder: LogFolder;
beforeEach(async () => {
  folder = await createLogFolder();
});
afterEach(() => folder.remove());

/** Looks at the closed log below the port. */
async function withEngine<T>(
  look: (engine: Awaited<ReturnType<typeof openEngine>>) => T | Promise<T>,
): Promise<T> {
  const engine = await openEngine(folder.path, lanes);
  try {
    return await look(engine);
  } finally {
    await engine.close();
  }
}

/** The number of the newest transaction of the closed log. */
const transactions = (): Promise<number> =>
  withEngine((engine) => Number(Reflect.get(engine.records.getStats(), 'lastTxnId')));

describe('opening', () => {
  test('with another number of lanes is refused in one sentence and changes nothing', async () => {
    const before = await folder.open(lanes);
    await appendTexts(before, spot, ['kept']);
    await before.close();
    const refusal = folder.open({ positions: 8, events: 2 });
    await expect(refusal).rejects.toMatchObject({ name: 'LogOpenError', code: 'LANES_DIFFER' });
    await expect(refusal).rejects.toThrow(/created with 4 lanes of positions and 2 of events/);
    expect(await readAll(await folder.open(lanes), spot)).toHaveLength(1);
  });

  test.each(['{"version":2,"positions":4,"events":2}', 'no json', 'null'])(
    'a log of another format is refused: %s',
    async (format) => {
      await (await folder.open(lanes)).close();
      await withEngine((engine) => engine.meta.put(Buffer.from('format'), Buffer.from(format)));
      await expect(folder.open(lanes)).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' });
    },
  );

  test('a log made before logs had an identity is given one that stays', async () => {
    await (await folder.open(lanes)).close();
    await withEngine((engine) => engine.meta.remove(Buffer.from('identity')));
    const log = await folder.open(lanes);
    await log.close();
    expect((await folder.open(lanes)).identity).toBe(log.identity);
  });

  test('a new folder is readable by its owner only', async () => {
    const path = join(folder.path, 'new');
    const { clock, metrics } = folder;
    const log = await createLmdbLog({ path, lanes, clock, metrics, logger: silentLogger });
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    await log.close();
  });
});

describe('transactions', () => {
  test('all appends of one turn of the event loop share one', async () => {
    await (await folder.open(lanes)).close();
    const before = await transactions();
    const log = await folder.open(lanes);
    const appends = numbered(200).map((one, index) =>
      log.append('positions', lane(index % lanes.positions), bytes(one), { recordId: one }),
    );
    await Promise.all(appends);
    await log.close();
    const opened = await transactions();
    await (await folder.open(lanes)).close();
    const costOfOpening = (await transactions()) - opened;
    expect(opened - before - costOfOpening).toBe(1);
  });

  test('writes that come while one is under way wait and share the next', async () => {
    await withEngine(async (engine) => {
      const sizes: number[] = [];
      const endings: (() => void)[] = [];
      let written = 0;
      const held = {
        ...engine,
        transact: (write: () => void): Promise<void> => {
          written = 0;
          write();
          sizes.push(written);
          return new Promise((resolve) => endings.push(resolve));
        },
      };
      const committer = createCommitter(held, () => undefined);
      const write = (): Promise<void> => committer.commit(1, () => void (written += 1));
      const first = write();
      await new Promise((resolve) => setImmediate(resolve));
      const rest = numbered(50).map(write);
      expect([sizes, committer.pendingBytes()]).toEqual([[1], 51]);
      endings[0]?.();
      await first;
      expect([sizes, committer.pendingBytes()]).toEqual([[1, 50], 50]);
      endings[1]?.();
      await Promise.all([...rest, committer.close()]);
      expect(committer.pendingBytes()).toBe(0);
    });
  });
});

describe('bounds of memory and work', () => {
  test('appends beyond the pending limit are refused, counted, and harm nobody', async () => {
    const log = await folder.open(lanes);
    const payload = new Uint8Array(1_000_000);
    const count = MAX_PENDING_BYTES / payload.length;
    const accepted = numbered(count).map(() => log.append('positions', lane(0), payload));
    await expect(log.append('positions', lane(1), payload)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect(await Promise.all(accepted)).toHaveLength(count);
    await expect(log.append('positions', lane(1), payload)).resolves.toBeDefined();
    const refused = await folder.metrics.read('followme_log_refused_appends_total', {
      reason: 'UNAVAILABLE',
    });
    expect(refused).toBe(1);
  });

  test('one range read holds about 1 MB and at most 256 records', async () => {
    const log = await folder.open(lanes);
    const fill = (at: number, count: number, size: number): Promise<unknown> =>
      Promise.all(
        numbered(count).map(() => log.append('positions', lane(at), new Uint8Array(size))),
      );
    await fill(0, 50, 300_000);
    await fill(1, 1_000, 1);
    await log.close();
    await withEngine((engine) => {
      const held = (at: number): number =>
        readChunk(engine.records, loadLane(engine, 'positions', lane(at)), { from: 1, upTo: 1_000 })
          .length;
      expect([held(0), held(1)]).toEqual([4, 256]);
    });
  });

  test('a payload begins at offset 0 of its own memory', async () => {
    const log = await folder.open(lanes);
    await appendTexts(log, spot, ['a', 'bcd', 'e'.repeat(20_000)]);
    for (const { payload } of await readAll(log, spot)) {
      expect([payload.byteOffset, payload.buffer.byteLength]).toEqual([0, payload.length]);
    }
  });

  test('the buffer of an append may be used again at once', async () => {
    const log = await folder.open(lanes);
    const buffer = bytes('first');
    const append = log.append(spot.stream, spot.lane, buffer);
    buffer.fill(0);
    await append;
    const [record] = await readAll(log, spot);
    expect(record?.payload).toEqual(bytes('first'));
  });

  test('the file grows by itself far past its first size', async () => {
    const log = await folder.open(lanes);
    for (let batch = 0; batch < 10; batch += 1) {
      const payload = new Uint8Array(500_000).fill(batch);
      await Promise.all(numbered(10).map(() => log.append('positions', lane(0), payload)));
    }
    const records = await readAll(log, spot);
    expect(records.map((record) => record.payload[499_999])).toEqual(
      numbered(100).map((_, index) => Math.floor(index / 10)),
    );
  });
});

describe('expired record ids', () => {
  const idsOnDisk = (): Promise<number> =>
    withEngine((engine) => engine.recordIds.getKeysCount({ start: Buffer.of(0) }));

  async function appendWithIds(log: Log, ids: readonly string[]): Promise<boolean[]> {
    const appended = await Promise.all(
      ids.map((recordId) => log.append('events', lane(0), bytes('x'), { recordId })),
    );
    return appended.map(({ duplicate }) => duplicate);
  }

  test('leave the disk as others come, some at a time', async () => {
    const log = await folder.open(lanes);
    await appendWithIds(log, numbered(1_000));
    folder.clock.pass(DUPLICATE_WINDOW_MS);
    await appendWithIds(log, ['a sweep']);
    await log.close();
    // an id has two entries; one sweep removes 256 ids
    expect(await idsOnDisk()).toBe(2 * (1_000 + 1 - 256));
    const again = await folder.open(lanes);
    for (const one of numbered(10, 'later ')) await appendWithIds(again, [one]);
    await again.close();
    expect(await idsOnDisk()).toBe(2 * 11);
  });

  test('leave the disk by trimming when no others come', async () => {
    const log = await folder.open(lanes);
    await appendWithIds(log, numbered(100));
    folder.clock.pass(DUPLICATE_WINDOW_MS);
    await log.trim('events', lane(0), { olderThanMs: 0, keepFrom: sequence(1) });
    await log.close();
    expect(await idsOnDisk()).toBe(0);
  });

  test('that were taken anew are remembered from then on', async () => {
    const log = await folder.open(lanes);
    await appendWithIds(log, ['again', 'other']);
    folder.clock.pass(DUPLICATE_WINDOW_MS);
    expect(await appendWithIds(log, ['again'])).toEqual([false]);
    folder.clock.pass(DUPLICATE_WINDOW_MS - 1);
    expect(await appendWithIds(log, ['a sweep', 'again'])).toEqual([false, true]);
  });
});

describe('failures', () => {
  test('a disk that is full refuses with UNAVAILABLE and loses nothing acknowledged', async () => {
    const file = fileURLToPath(new URL('./full-disk.program.ts', import.meta.url));
    // files may grow to 8,000 blocks of 512 bytes; the signal of the limit is ignored, the error stays
    const limited = `trap '' XFSZ; ulimit -f 8000; exec "$@"`;
    const program = [process.execPath, '--import', 'tsx', '--conditions=source', file, folder.path];
    const { stdout } = await promisify(execFile)('sh', ['-c', limited, 'sh', ...program]);
    const told: unknown = JSON.parse(stdout);
    const records = await readAll(await folder.open({ positions: 4, events: 2 }), spot);
    const sequences = records.map((record) => record.sequence);
    expect(told).toEqual({
      sequences,
      refusals: ['UNAVAILABLE', 'UNAVAILABLE'],
      last: sequences.at(-1),
    });
    expect(
      records.every(({ payload }, index) => payload[0] === index && payload[99_999] === index),
    ).toBe(true);
    expect(records.length).toBeGreaterThan(10);
  });

  test('records that are missing without having been trimmed end the reading with an error', async () => {
    await withEngine(async (engine) => {
      const state = new LaneState('positions', lane(0), 3);
      const read = async (trimmed: number): Promise<void> => {
        const stop = new AbortController();
        const reading = readLane(engine.records, state, {
          from: 1,
          signal: stop.signal,
          isClosed: () => false,
          trimmedUpTo: () => trimmed,
        });
        // where nothing is wrong it waits for what comes
        setImmediate(() => setImmediate(() => stop.abort()));
        for await (const _ of reading) throw new Error('There is nothing to read');
      };
      await expect(read(2)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: 'Lane 0 of positions has no records from 1 to 3, and they were not trimmed',
      });
      await expect(read(3)).resolves.toBeUndefined();
    });
  });

  test('a transaction that fails is told to its writes, the next one is tried again', async () => {
    await withEngine(async (engine) => {
      const causes: unknown[] = [];
      let isBroken = true;
      const failing = {
        ...engine,
        transact: (write: () => void) =>
          isBroken ? Promise.reject(new Error('no space')) : engine.transact(write),
      };
      const committer = createCommitter(failing, (cause) => causes.push(cause));
      await expect(committer.commit(7, () => undefined)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        cause: new Error('no space'),
      });
      isBroken = false;
      await expect(committer.commit(7, () => undefined)).resolves.toBeUndefined();
      expect([causes.length, committer.pendingBytes()]).toEqual([1, 0]);
    });
  });
});

test('what was appended, repeated and trimmed is counted', async () => {
  const log = await folder.open(lanes);
  const counted = (what: string): Promise<number> =>
    folder.metrics.read(`followme_log_${what}_total`, { stream: 'positions' });
  await appendTexts(log, spot, ['12345', '678']);
  await log.append('positions', lane(0), bytes('x'), { recordId: 'id' });
  await log.append('positions', lane(0), bytes('x'), { recordId: 'id' });
  folder.clock.pass(1);
  await log.trim('positions', lane(0), { olderThanMs: 0, keepFrom: sequence(3) });
  expect(await counted('appended_records')).toBe(3);
  expect(await counted('appended_bytes')).toBe(9);
  expect(await counted('duplicate_records')).toBe(1);
  expect(await counted('trimmed_records')).toBe(2);
  expect(await createMetrics().read('followme_log_appended_records_total')).toBe(0);
});
