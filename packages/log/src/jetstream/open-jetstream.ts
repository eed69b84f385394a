/** Opens the log on NATS, or refuses with one sentence. */
import { JetStreamApiError } from '@nats-io/jetstream';
import type { Log } from '../port.ts';
import { LogOpenError, MAX_RECORD_BYTES } from '../port.ts';
import type { LaneCounts } from '../lmdb/engine.ts';
import { describeAddress, parseJetStreamAddress, type JetStreamAddress } from './address.ts';
import { openConnection, type Connection, type Session } from './connection.ts';
import { durabilitySentence, readSyncSetting } from './durability.ts';
import { settleIdentity } from './identity.ts';
import { createJetStreamCounters } from './jetstream-counters.ts';
import { JetStreamLog, type LogDeps } from './jetstream-log.ts';
import { JetStreamKeys } from './keys.ts';
import { logNames } from './names.ts';
import { jetStreamError } from './open-errors.ts';
import { createPublisher } from './publisher.ts';
import { askUntilAnswered } from './requests.ts';
import { cautionOf, unfitVersion } from './server-versions.ts';
import { settleStreams } from './streams.ts';

/** Where the log is, and what it shall be when it is made. */
export interface JetStreamLogOptions extends LogDeps {
  /** Where the log is and how to get in: see `address.ts`. */
  readonly url: string;
  /** Lanes of each stream, fixed when the log is created. */
  readonly lanes: LaneCounts;
}

/** Longest the servers may take to have a leader and to make the streams. */
const OPEN_LIMIT_MS = 15_000;
/** What the server counts beside the payload: headers and ids. */
const ENVELOPE_BYTES = 1000;

/**
 * Opens the log at `url`, or creates it.
 * @throws LogOpenError: see its codes; the message is for the operator.
 */
export async function createJetStreamLog(options: JetStreamLogOptions): Promise<Log> {
  const parsed = parseJetStreamAddress(options.url);
  if (!parsed.ok) throw new LogOpenError('UNREACHABLE', parsed.error);
  const address = parsed.value;
  const { clock, random, logger, metrics } = options;
  const counters = createJetStreamCounters(metrics);
  const connection = await openConnection({ clock, random, logger, counters }, address);
  try {
    return await openOver(options, address, { connection, counters });
  } catch (error) {
    await connection.close();
    throw jetStreamError(address, error);
  }
}

async function openOver(
  options: JetStreamLogOptions,
  address: JetStreamAddress,
  {
    connection,
    counters,
  }: { connection: Connection; counters: ReturnType<typeof createJetStreamCounters> },
): Promise<Log> {
  const { clock, lanes } = options;
  const names = logNames(address.name);
  const requests = { clock, connection };
  const version = checkServer(address, connection.demand());
  await askUntilAnswered(requests, OPEN_LIMIT_MS, (session) => checkJetStream(address, session));
  const streams = await askUntilAnswered(requests, OPEN_LIMIT_MS, (session) =>
    settleStreams(session, address, names),
  );
  let heard = (): void => undefined;
  const publisher = createPublisher({ clock, connection, counters, onHeard: () => heard() });
  publisher.resume(connection.demand());
  const keys = new JetStreamKeys({ clock, connection, names, publisher });
  const identity = await settleIdentity(keys, address, { lanes, streams });
  const caution = cautionOf(version, streams.replicas);
  if (caution !== null) options.logger.warn('log.clusterTooOld', { caution });
  const durability = durabilitySentence(
    version,
    streams.replicas,
    await readSyncSetting(address, version),
  );
  const log = new JetStreamLog(options, {
    identity,
    durability,
    lanes,
    streams,
    names,
    connection,
    publisher,
    keys,
    counters,
  });
  heard = () => log.heard();
  return log;
}

/** The server's version. @throws LogOpenError when it cannot carry the log. */
function checkServer(address: JetStreamAddress, { nats }: Session): string {
  const { version = '', max_payload = 0 } = nats.info ?? {};
  const unfit = unfitVersion(version);
  if (unfit !== null) throw new LogOpenError('ENGINE_UNFIT', unfit);
  if (max_payload < MAX_RECORD_BYTES + ENVELOPE_BYTES) {
    throw new LogOpenError(
      'ENGINE_UNFIT',
      `The server at ${describeAddress(address)} takes messages of ${max_payload} bytes: set its max_payload to 1MB or more.`,
    );
  }
  return version;
}

/** @throws LogOpenError when the server has no JetStream; whatever the question met otherwise. */
async function checkJetStream(
  address: JetStreamAddress,
  { nats, jetstream }: Session,
): Promise<void> {
  try {
    await jetstream.getAccountInfo();
  } catch (error) {
    const isUnanswered = error instanceof Error && error.name === 'JetStreamNotEnabled';
    // the client hides the server's own word for an account without JetStream, which does not pass
    if (isUnanswered && error.cause instanceof JetStreamApiError) throw error.cause;
    // a server that says it has JetStream is still starting it
    if (!isUnanswered || nats.info?.jetstream === true) throw error;
    throw new LogOpenError(
      'ENGINE_UNFIT',
      `The server at ${describeAddress(address)} runs without JetStream: start it with a "jetstream { store_dir: … }" block.`,
      { cause: error },
    );
  }
}
