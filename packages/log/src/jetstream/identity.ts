/**
 * What makes a log itself: a random token and its lanes, written once into its key space, and the times at
 * which its streams were made; a stream that was made anew makes another log of it.
 */
import { createHash } from 'node:crypto';
import { randomToken } from '@followme/platform';
import { LogOpenError } from '../port.ts';
import type { LaneCounts } from '../lmdb/engine.ts';
import { describeAddress, type JetStreamAddress } from './address.ts';
import type { Session } from './connection.ts';
import type { JetStreamKeys } from './keys.ts';
import type { LogNames } from './names.ts';
import type { LogStreams } from './streams.ts';

const ORIGIN_KEY = 'origin';
const FORMAT_VERSION = 1;
const TOKEN_BYTES = 16;

interface Origin {
  readonly version: number;
  readonly token: string;
  readonly positions: number;
  readonly events: number;
}

/**
 * The identity of the log; made by whoever opens it first.
 * @throws LogOpenError `LANES_DIFFER`, `FORMAT_UNKNOWN`.
 */
export async function settleIdentity(
  keys: JetStreamKeys,
  address: JetStreamAddress,
  { lanes, streams }: { readonly lanes: LaneCounts; readonly streams: LogStreams },
): Promise<string> {
  const mine: Origin = {
    version: FORMAT_VERSION,
    token: randomToken(TOKEN_BYTES),
    positions: lanes.positions,
    events: lanes.events,
  };
  await keys.set(ORIGIN_KEY, Buffer.from(JSON.stringify(mine)), null);
  const entry = await keys.get(ORIGIN_KEY);
  const origin = parseOrigin(entry?.value);
  const at = `The log at ${describeAddress(address)}`;
  if (origin === null || origin.version !== FORMAT_VERSION) {
    throw new LogOpenError(
      'FORMAT_UNKNOWN',
      `${at} has format ${origin?.version ?? 'unknown'}, this version reads format ${FORMAT_VERSION}.`,
    );
  }
  if (origin.positions !== lanes.positions || origin.events !== lanes.events) {
    throw new LogOpenError(
      'LANES_DIFFER',
      `${at} was created with ${origin.positions} lanes of positions and ${origin.events} of events and ` +
        `cannot be opened with ${lanes.positions} and ${lanes.events}: the number of lanes is fixed when ` +
        `an installation is made.`,
    );
  }
  return nameOf(origin, streams.created);
}

/** The identity of a log that is there, without making one; null when nobody has opened it yet. */
export async function lookUpIdentity(
  { jetstream }: Session,
  names: LogNames,
  created: LogStreams['created'],
): Promise<string | null> {
  const entry = await jetstream.streams.getMessage(names.keysStream, {
    last_by_subj: names.keySubject(ORIGIN_KEY),
  });
  const origin = parseOrigin(entry?.data);
  return origin === null ? null : nameOf(origin, created);
}

function nameOf({ token }: Origin, { positions, events }: LogStreams['created']): string {
  const parts = `${token} ${positions} ${events}`;
  return createHash('sha256').update(parts).digest('base64url').slice(0, 22);
}

function parseOrigin(value: Uint8Array | undefined): Origin | null {
  if (value === undefined) return null;
  try {
    const found: unknown = JSON.parse(Buffer.from(value).toString());
    if (typeof found !== 'object' || found === null) return null;
    return {
      version: Number(Reflect.get(found, 'version')),
      token: String(Reflect.get(found, 'token')),
      positions: Number(Reflect.get(found, 'positions')),
      events: Number(Reflect.get(found, 'events')),
    };
  } catch {
    // not JSON: written by something else
    return null;
  }
}
