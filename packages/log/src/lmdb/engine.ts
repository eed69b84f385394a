/**
 * Opens the LMDB environment of the log and checks that it is the log that was asked for.
 *
 * Settings that carry promises:
 * - `overlappingSync: false`: a transaction becomes visible only after its pages are on disk. Verified with
 *   strace on lmdb 3.5.6 (Linux): per transaction one `fdatasync` of the data file, then the meta page by
 *   `pwrite` on a descriptor opened with `O_DSYNC`, and only then does the promise resolve. With
 *   `overlappingSync: true`, the library's default, the promise also resolves after the `fdatasync`, but
 *   the meta page is written before it, so a reader could see what a loss of power would take back.
 * - no `mapSize`: the library then grows the map by itself as the file grows.
 */
import { mkdirSync } from 'node:fs';
import { open, type Database } from 'lmdb';
import { randomToken } from '@followme/platform';
import { LogOpenError, type StreamName } from '../port.ts';
import { FORMAT_KEY, IDENTITY_KEY } from './layout.ts';

/** A database of byte keys and byte values. */
export type Bytes = Database<Uint8Array, Uint8Array>;

export interface Engine {
  /** See `Log.identity`. */
  readonly identity: string;
  readonly records: Bytes;
  readonly recordIds: Bytes;
  readonly keys: Bytes;
  readonly meta: Bytes;
  /** Runs `write`, which only puts and removes, as part of one transaction; resolves when it is durable. */
  transact(write: () => void): Promise<unknown>;
  close(): Promise<void>;
}

/** Lanes of each stream, fixed when the log is created. */
export type LaneCounts = Readonly<Record<StreamName, number>>;

/**
 * The engine begins a transaction in the immediate after the first write handed to it, and everything handed
 * over until then belongs to it; by default it begins at once after five writes, which cut a turn's appends
 * into two transactions (seen with strace). The second option is documented, but missing in its types.
 */
const TURN_BATCHING = { eventTurnBatching: false, txnStartThreshold: 1_000_000 };

/** Version of the layout in `layout.ts`. */
const FORMAT_VERSION = 1;
const IDENTITY_BYTES = 16;

/**
 * Opens the log in the folder `path`, creating it with `lanes` when there is none.
 * @throws LogOpenError when it was created with other lanes or by a version that laid it out differently.
 */
export async function openEngine(path: string, lanes: LaneCounts): Promise<Engine> {
  // positions of people: the folder is nobody else's
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const binary = { keyEncoding: 'binary', encoding: 'binary' } as const;
  const root = open<Uint8Array, Uint8Array>({
    path,
    ...binary,
    noSubdir: false,
    overlappingSync: false,
    ...TURN_BATCHING,
  });
  const engine: Omit<Engine, 'identity'> = {
    records: root.openDB({ name: 'records', ...binary }),
    recordIds: root.openDB({ name: 'record-ids', ...binary }),
    keys: root.openDB({ name: 'keys', ...binary }),
    meta: root.openDB({ name: 'meta', ...binary }),
    transact: (write) => root.batch(write),
    close: () => root.close(),
  };
  try {
    await settleFormat(engine, path, lanes);
    return { ...engine, identity: await settleIdentity(engine) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

type Meta = Pick<Engine, 'meta' | 'transact'>;

/** The identity of the log; a log made before logs had one is given it now. */
async function settleIdentity({ meta, transact }: Meta): Promise<string> {
  const stored = meta.get(IDENTITY_KEY);
  if (stored !== undefined) return Buffer.from(stored).toString();
  const identity = randomToken(IDENTITY_BYTES);
  await transact(() => void meta.put(IDENTITY_KEY, Buffer.from(identity)));
  return identity;
}

async function settleFormat(engine: Meta, path: string, lanes: LaneCounts): Promise<void> {
  const wanted: Format = {
    version: FORMAT_VERSION,
    positions: lanes.positions,
    events: lanes.events,
  };
  const stored = engine.meta.get(FORMAT_KEY);
  if (stored === undefined) {
    await engine.transact(() => {
      void engine.meta.put(FORMAT_KEY, Buffer.from(JSON.stringify(wanted)));
    });
    return;
  }
  const found = parseFormat(stored);
  if (found?.version !== FORMAT_VERSION) {
    throw new LogOpenError(
      'FORMAT_UNKNOWN',
      `The log in ${path} has format ${found?.version ?? 'unknown'}, this version reads format ${FORMAT_VERSION}.`,
    );
  }
  if (found.positions !== wanted.positions || found.events !== wanted.events) {
    throw new LogOpenError(
      'LANES_DIFFER',
      `The log in ${path} was created with ${found.positions} lanes of positions and ${found.events} of ` +
        `events and cannot be opened with ${wanted.positions} and ${wanted.events}: the number of lanes ` +
        `is fixed when an installation is made.`,
    );
  }
}

interface Format {
  readonly version: number;
  readonly positions: number;
  readonly events: number;
}

function parseFormat(stored: Uint8Array): Format | null {
  try {
    const found: unknown = JSON.parse(Buffer.from(stored).toString());
    if (typeof found !== 'object' || found === null) return null;
    const number = (name: keyof Format): number => Number(Reflect.get(found, name));
    return {
      version: number('version'),
      positions: number('positions'),
      events: number('events'),
    };
  } catch {
    // not JSON: written by something else
    return null;
  }
}
