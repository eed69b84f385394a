/** What has to hold when a world has come to rest, and when it has. */
import { parseFenceEventRecord } from '@followme/contracts';
import type { StreamName } from '@followme/log';
import type { FenceEvent } from '@followme/model';
import type { Consumer } from '@followme/store';
import type { Service } from './plan.ts';
import type { Expected, ExpectedEvent } from './reference.ts';
import type { Viewer } from './viewers.ts';
import type { World } from './world.ts';

/** Who reads what. */
const CONSUMERS: readonly (readonly [Service, Consumer, StreamName])[] = [
  ['operator', 'geofence', 'positions'],
  ['recorder', 'recorder', 'positions'],
  ['raiser', 'crossings', 'events'],
  ['raiser', 'alarms', 'positions'],
];

/** What is still to be done, in words; empty at rest. */
export function whatIsUnquiet(world: World): readonly string[] {
  const unquiet: string[] = [];
  if (world.fleet.waiting > 0) unquiet.push(`devices hold ${world.fleet.waiting} fixes`);
  for (const { process, batcher, isStarted, isLeaving } of world.lives) {
    if (batcher.pendingBytes > 0) unquiet.push(`${process.name} has fixes that are not stored`);
    if (!isStarted || isLeaving) unquiet.push(`${process.name} is not running`);
  }
  if (world.lives.length < world.plan.processes) unquiet.push('a process is missing');
  if (world.plan.services.has('operator')) unquiet.push(...operatorUnquiet(world));
  for (const [service, consumer, stream] of CONSUMERS) {
    if (!world.plan.services.has(service)) continue;
    unquiet.push(...behind(world, consumer, stream), ...unfair(world, consumer));
  }
  if (world.plan.services.has('raiser')) {
    const waiting = world.alerts.messages.filter(({ state }) => state === 'waiting').length;
    if (waiting > 0) unquiet.push(`${waiting} messages wait`);
  }
  if (unquiet.length > 0) return unquiet;
  return world.viewers.flatMap((viewer) => viewFaults(world, viewer));
}

/** Who of the living has which lanes: every one somebody, nobody more than a fair share. */
function unfair(world: World, consumer: Consumer): readonly string[] {
  const names = world.lives.map(({ process }) => process.name);
  const owners = world.lanes.map((lane) => world.tables.audit.owner(consumer, lane));
  const faults = owners.flatMap((owner, lane) =>
    owner !== null && names.includes(owner) ? [] : [`${consumer} ${lane} belongs to ${owner}`],
  );
  const share = Math.ceil(world.lanes.length / names.length);
  for (const name of names) {
    const owned = owners.filter((owner) => owner === name).length;
    if (owned > share) faults.push(`${name} has ${owned} lanes of ${consumer}, fair are ${share}`);
  }
  return faults;
}

/** Lanes that a consumer has not come to the end of. */
function behind(world: World, consumer: Consumer, stream: StreamName): readonly string[] {
  return world.log.lanes.flatMap((lane) => {
    const end = world.log.records(stream, lane).length;
    const committed = world.tables.audit.committed(consumer, lane);
    return committed < end ? [`${consumer} is at ${committed} of ${end} in lane ${lane}`] : [];
  });
}

/** How a view differs from the newest fixes of the trackers it is of. */
function viewFaults({ expected, registry }: World, viewer: Viewer): readonly string[] {
  if (!viewer.isLive) return [`${viewer.name} has no view`];
  const faults: string[] = [];
  for (const [tracker, { timeMs, lons }] of expected.newest) {
    const isSeen = viewer.audience === 'all' || viewer.audience.has(registry.groupOf(tracker));
    const shown = viewer.shown.get(tracker);
    if (!isSeen) {
      if (shown !== undefined) faults.push(`${viewer.name} still shows tracker ${tracker}`);
      continue;
    }
    if (shown?.timeMs !== timeMs || !lons.has(shown.lon)) {
      faults.push(`${viewer.name} shows tracker ${tracker} at ${shown?.timeMs}, not at ${timeMs}`);
    }
  }
  return faults;
}

function operatorUnquiet({ operator, fences }: World): readonly string[] {
  const unquiet: string[] = [];
  if (!fences.isAnnounced) unquiet.push('fences are not announced');
  const unsent = operator.events.filter(({ eventId }) => !operator.sent.has(eventId)).length;
  if (unsent > 0) unquiet.push(`${unsent} events are not marked as sent`);
  return unquiet;
}

/** What is wrong with a world at rest, in words. */
export function findFaults(world: World): readonly string[] {
  const { expected } = world;
  return [
    ...acknowledgedFaults(world, expected),
    ...(world.plan.services.has('recorder') ? recordedFaults(world, expected) : []),
    ...(world.plan.services.has('operator') ? operatorFaults(world, expected) : []),
    ...(world.plan.services.has('raiser') ? alertFaults(world, expected) : []),
  ];
}

/** What is wrong when all processes have left in order: who did not, and lanes that were not given back. */
export function leaveFaults(world: World): readonly string[] {
  const faults = world.lives
    .filter(({ process }) => process.state !== 'dead')
    .flatMap(({ process }) => [`${process.name} did not leave`, ...process.pending]);
  for (const [service, consumer] of CONSUMERS) {
    if (!world.plan.services.has(service)) continue;
    for (const lane of world.lanes) {
      const owner = world.tables.audit.owner(consumer, lane);
      if (owner !== null) faults.push(`${consumer} ${lane} was not given back by ${owner}`);
    }
  }
  return faults;
}

function acknowledgedFaults({ fleet }: World, { fixes }: Expected): readonly string[] {
  return [...fleet.acknowledged]
    .filter((identity) => !fixes.has(identity))
    .map((identity) => `fix ${identity} was acknowledged and is not in the log`);
}

function recordedFaults({ positions }: World, { fixes }: Expected): readonly string[] {
  return differences('the positions table', positions.identities, [...fixes]);
}

/** How often each cause counts, and the messages it makes. */
function expectedAlerts({ alerts }: World, { events, sos }: Expected) {
  const counts = new Map<string, { count: number; lastMs: number }>();
  const messages: string[] = [];
  const happen = (key: string, timeMs: number, receivers: readonly string[]): void => {
    const known = counts.get(key) ?? { count: 0, lastMs: -Infinity };
    counts.set(key, known);
    // NT5: what is not newer than what is known of the cause changes nothing
    if (timeMs <= known.lastMs) return;
    known.count += 1;
    known.lastMs = timeMs;
    for (const receiver of receivers) messages.push(`${key}:${timeMs}:alert:${receiver}`);
  };
  for (const { tracker, fenceId, kind, reason, fixTimeMs } of events) {
    // NT8
    if (reason !== 'fix') continue;
    const rule = kind === 'enter' ? 1 : 2;
    const receivers = kind === 'enter' ? ['webhook:1'] : ['email:1'];
    happen(`r${rule}:t${tracker}:f${fenceId}:${kind}`, fixTimeMs, receivers);
  }
  const hasRule = alerts.rules.some(({ trigger }) => trigger.kind === 'alarm');
  for (const [tracker, times] of sos) {
    for (const timeMs of times) {
      if (hasRule) happen(`r3:t${tracker}:sos`, timeMs, ['webhook:1', 'webhook:2']);
      else happen(`sos:t${tracker}`, timeMs, []);
    }
  }
  return { counts, messages };
}

function alertFaults(world: World, expected: Expected): readonly string[] {
  const { counts, messages } = expectedAlerts(world, expected);
  const found = new Map<string, { count: number; lastMs: number; open: number }>();
  for (const { key, occurrences, lastTimeMs, state } of world.alerts.cards) {
    const known = found.get(key) ?? { count: 0, lastMs: -Infinity, open: 0 };
    known.count += occurrences;
    known.lastMs = Math.max(known.lastMs, lastTimeMs);
    known.open += state === 'closed' ? 0 : 1;
    found.set(key, known);
  }
  const line = (key: string, count: number, lastMs: number): string =>
    `${key} ${count} times, last at ${lastMs}`;
  const faults = differences(
    'the queue',
    Array.from(found, ([key, { count, lastMs }]) => line(key, count, lastMs)),
    Array.from(counts, ([key, { count, lastMs }]) => line(key, count, lastMs)),
  );
  for (const [key, { open }] of found) if (open > 1) faults.push(`${key} has ${open} open cards`);
  const made = world.alerts.messages.map(({ delivery }) => delivery.dedupeKey);
  faults.push(...differences('the outbox', made, messages));
  for (const { delivery, state } of world.alerts.messages) {
    if (state !== 'delivered') faults.push(`${delivery.dedupeKey} is ${state}`);
    if (!world.receivers.received.has(delivery.deliveryId)) {
      faults.push(`${delivery.dedupeKey} was never received`);
    }
  }
  return faults;
}

const words = ({ tracker, number, kind, fenceId, ...rest }: ExpectedEvent): string =>
  `${tracker}/${number} ${kind} ${fenceId} at ${rest.fixTimeMs} ${rest.reason}${rest.initial ? ' initial' : ''}`;

const wordsOf = (event: FenceEvent): string =>
  words({ ...event, tracker: event.trackerId, number: event.eventSeq });

function operatorFaults(world: World, expected: Expected): readonly string[] {
  const stored = world.operator.events.map(wordsOf);
  const faults = differences('the state', stored, expected.events.map(words));
  for (const [place, version] of expected.fencesVersions.entries()) {
    if (version !== world.fences.version) {
      faults.push(`lane ${place} has fences ${version}, announced were ${world.fences.version}`);
    }
  }
  const streamed: string[] = [];
  for (const lane of world.log.lanes) {
    const newest = new Map<number, number>();
    for (const { payload } of world.log.records('events', lane)) {
      const event = parseFenceEventRecord(payload);
      if (event === null) {
        faults.push('an event in the stream cannot be read');
        continue;
      }
      streamed.push(wordsOf(event));
      const before = newest.get(event.trackerId) ?? 0;
      if (event.eventSeq <= before) {
        faults.push(`in the stream ${wordsOf(event)} comes after number ${before}`);
      }
      newest.set(event.trackerId, event.eventSeq);
    }
  }
  return [...faults, ...differences('the stream', streamed, expected.events.map(words))];
}

/** How a list with its repetitions differs from what is expected once each. */
function differences(
  where: string,
  found: readonly string[],
  expected: readonly string[],
): string[] {
  const faults: string[] = [];
  const known = new Set(expected);
  const seen = new Set<string>();
  for (const one of found) {
    if (seen.has(one)) faults.push(`${where} has twice: ${one}`);
    else if (!known.has(one)) faults.push(`${where} has, and should not: ${one}`);
    seen.add(one);
  }
  for (const one of expected) if (!seen.has(one)) faults.push(`${where} lacks: ${one}`);
  return faults;
}
