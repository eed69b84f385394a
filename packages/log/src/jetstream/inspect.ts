/** What there is of a log on its servers, without making anything: for people who look before a start. */
import type { Clock, Logger, Metrics, Random } from '@followme/platform';
import { JetStreamApiError } from '@nats-io/jetstream';
import { LogOpenError, type StreamName } from '../port.ts';
import { parseJetStreamAddress } from './address.ts';
import { openConnection, type Session } from './connection.ts';
import { durabilitySentence, readSyncSetting } from './durability.ts';
import { createJetStreamCounters } from './jetstream-counters.ts';
import { lookUpIdentity } from './identity.ts';
import { logNames } from './names.ts';
import { jetStreamError } from './open-errors.ts';
import { unfitVersion } from './server-versions.ts';

const STREAM_NOT_FOUND = 10_059;

/** A stream of the log as its servers tell of it. */
export interface StreamFacts {
  readonly stream: StreamName;
  readonly records: number;
  readonly bytes: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly replicas: number;
  /** When it was made, as the server says it. */
  readonly created: string;
}

/** What a log and its servers tell of themselves. */
export interface JetStreamFacts {
  /** The server that answered, `host:port`, and its version. */
  readonly server: string;
  readonly version: string;
  /** Which log it is, as `Log.identity`; null when there is no log yet. */
  readonly identity: string | null;
  /** What an acknowledged append survives; null when there is no log yet. */
  readonly durability: string | null;
  /** Empty when there is no log yet. */
  readonly streams: readonly StreamFacts[];
}

/**
 * Looks at the log at `url`.
 * @throws LogOpenError when it cannot be reached or used.
 */
export async function inspectJetStream(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): Promise<JetStreamFacts> {
  const parsed = parseJetStreamAddress(options.url);
  if (!parsed.ok) throw new LogOpenError('UNREACHABLE', parsed.error);
  const counters = createJetStreamCounters(options.metrics);
  const connection = await openConnection({ ...options, counters }, parsed.value);
  try {
    const session = connection.demand();
    const version = session.nats.info?.version ?? '';
    const unfit = unfitVersion(version);
    if (unfit !== null) throw new LogOpenError('ENGINE_UNFIT', unfit);
    const names = logNames(parsed.value.name);
    const positions = await factsOf(session, 'positions', names.stream('positions'));
    const events = await factsOf(session, 'events', names.stream('events'));
    const created =
      positions === null || events === null
        ? null
        : { positions: positions.created, events: events.created };
    const streams = [positions, events].filter((facts) => facts !== null);
    const replicas = streams[0]?.replicas;
    const sync = replicas === undefined ? null : await readSyncSetting(parsed.value, version);
    return {
      server: session.nats.getServer(),
      version,
      identity: created === null ? null : await lookUpIdentity(session, names, created),
      durability:
        replicas === undefined || sync === null
          ? null
          : durabilitySentence(version, replicas, sync),
      streams,
    };
  } catch (error) {
    throw jetStreamError(parsed.value, error);
  } finally {
    await connection.close();
  }
}

async function factsOf(
  { jetstream }: Session,
  stream: StreamName,
  name: string,
): Promise<StreamFacts | null> {
  try {
    const { state, config, created } = await jetstream.streams.info(name);
    return {
      stream,
      records: state.messages,
      bytes: state.bytes,
      firstSequence: state.first_seq,
      lastSequence: state.last_seq,
      replicas: config.num_replicas,
      created,
    };
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return null;
    throw error;
  }
}
