/**
 * The streams of a log: made when they are missing, and read back, since old servers leave out silently what
 * they do not know. Nothing is dropped by the server itself: no age, no number, and a full stream refuses.
 */
import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { DUPLICATE_WINDOW_MS, LogOpenError, type StreamName } from '../port.ts';
import type { JetStreamAddress } from './address.ts';
import { describeAddress } from './address.ts';
import type { Session } from './connection.ts';
import type { LogNames } from './names.ts';

const NANOSECONDS_PER_MS = 1e6;
/** The key space needs its ids only over a retry. */
const KEYS_WINDOW_MS = 120_000;
/** Copies in a cluster unless told otherwise: one server may be lost. */
const CLUSTER_REPLICAS = 3;

const STREAM_NOT_FOUND = 10_059;
const NAME_IN_USE = 10_058;

/** What must be as we want it for the log's promises to hold. */
type Settings = Pick<
  StreamConfig,
  | 'subjects'
  | 'retention'
  | 'storage'
  | 'discard'
  | 'max_age'
  | 'max_msgs'
  | 'max_msgs_per_subject'
  | 'duplicate_window'
  | 'num_replicas'
  | 'max_bytes'
  | 'allow_direct'
>;

interface WantedStream {
  readonly name: string;
  readonly settings: Settings;
}

/** What a log keeps of its streams. */
export interface LogStreams {
  /** When each stream was made, as the server says it: part of the log's identity. */
  readonly created: Readonly<Record<StreamName, string>>;
  readonly replicas: number;
}

/**
 * Finds or makes the three streams of the log.
 * @throws LogOpenError `SETTINGS_DIFFER`; whatever the server refuses otherwise.
 */
export async function settleStreams(
  session: Session,
  address: JetStreamAddress,
  names: LogNames,
): Promise<LogStreams> {
  const wanted = wantedStreams(session, address, names);
  await settleStream(session, address, wanted.keys);
  const positions = await settleStream(session, address, wanted.positions);
  const events = await settleStream(session, address, wanted.events);
  return {
    created: { positions: positions.created, events: events.created },
    replicas: positions.config.num_replicas,
  };
}

function wantedStreams(
  { nats }: Session,
  address: JetStreamAddress,
  names: LogNames,
): Readonly<Record<StreamName | 'keys', WantedStream>> {
  const isClustered = nats.info?.cluster !== undefined;
  const settings: Omit<Settings, 'subjects'> = {
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_age: 0,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    duplicate_window: DUPLICATE_WINDOW_MS * NANOSECONDS_PER_MS,
    num_replicas: address.replicas ?? (isClustered ? CLUSTER_REPLICAS : 1),
    max_bytes: address.maxBytes ?? -1,
    allow_direct: true,
  };
  const stream = (name: StreamName): WantedStream => ({
    name: names.stream(name),
    settings: { ...settings, subjects: [names.laneSubjects(name)] },
  });
  return {
    positions: stream('positions'),
    events: stream('events'),
    keys: {
      name: names.keysStream,
      settings: {
        ...settings,
        subjects: [names.keySubjects, names.pulseSubject],
        max_msgs_per_subject: 1,
        // the newest value of a key takes the place of the one before
        discard: DiscardPolicy.Old,
        duplicate_window: KEYS_WINDOW_MS * NANOSECONDS_PER_MS,
        max_bytes: -1,
      },
    },
  };
}

async function settleStream(
  { jetstream }: Session,
  address: JetStreamAddress,
  { name, settings }: WantedStream,
): Promise<StreamInfo> {
  const found = await findStream({ jetstream }, name);
  if (found !== null) {
    refuseDifferences(address, found, {
      ...settings,
      // what was not asked for may be as somebody else made it
      num_replicas: address.replicas ?? found.config.num_replicas,
      max_bytes: address.maxBytes ?? found.config.max_bytes,
    });
    return found;
  }
  try {
    await jetstream.streams.add({ name, ...settings });
  } catch (error) {
    // another process made it at this moment: what counts is what is there
    if (!(error instanceof JetStreamApiError && error.code === NAME_IN_USE)) throw error;
  }
  const made = await jetstream.streams.info(name);
  refuseDifferences(address, made, settings);
  return made;
}

async function findStream(
  { jetstream }: Pick<Session, 'jetstream'>,
  name: string,
): Promise<StreamInfo | null> {
  try {
    return await jetstream.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return null;
    throw error;
  }
}

function refuseDifferences(
  address: JetStreamAddress,
  { config }: StreamInfo,
  wanted: Settings,
): void {
  const differing = Object.entries(wanted).find(([field, value]) => {
    const have: unknown = Reflect.get(config, field);
    return JSON.stringify(have ?? null) !== JSON.stringify(value);
  });
  if (differing === undefined) return;
  const [field, value] = differing;
  const have: unknown = Reflect.get(config, field);
  throw new LogOpenError(
    'SETTINGS_DIFFER',
    `The stream ${config.name} at ${describeAddress(address)} has ${field} ${JSON.stringify(have)}, ` +
      `the log needs ${JSON.stringify(value)}: change it with "nats stream edit" or give this log another name.`,
  );
}
