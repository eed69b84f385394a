/**
 * A seeded fleet for the bench of the page: trackers spread over towns of the Netherlands, of which a chosen share
 * moves on every second. It speaks the captured protocol through the encoders of the contracts.
 */
import {
  encodeLocationData,
  type LocationData,
  type PositionReply,
  type TrackerReply,
} from '@followme/contracts';
import { createRandom, type Random } from '@followme/platform';

const GROUPS = 40;
const TOWNS = 60;
/** Standard deviation of the distance from a town's centre, degrees. */
const TOWN_DEG = 0.08;
const M_PER_DEGREE = 111_195;
/** Of all trackers, this many are on their way. */
const MOVING_SHARE = 0.3;

interface Member {
  readonly id: number;
  readonly name: string;
  readonly groupId: number;
  readonly speedKmh: number;
  headingDeg: number;
  lon: number;
  lat: number;
  fixTimeMs: number;
}

export interface Fleet {
  readonly trackers: readonly TrackerReply[];
  /** Every tracker's place, encoded. */
  all(nowMs: number): string[];
  /** The next `count` trackers in turn report at `nowMs`; their places, encoded. */
  next(count: number, nowMs: number): string[];
  /** One tracker reports at `nowMs`; its place, encoded. */
  report(trackerId: number, nowMs: number): string;
}

const DAY_STEP_MS = 5_000;

/** The positions of a tracker that drove in circles from `fromMs` until `untilMs`, oldest first. */
export function dayOf(fromMs: number, untilMs: number): PositionReply[] {
  const count = Math.max(0, Math.floor((untilMs - fromMs) / DAY_STEP_MS));
  return Array.from({ length: count }, (_, i) => {
    const time = new Date(fromMs + i * DAY_STEP_MS).toISOString();
    return {
      fixTime: time,
      receivedTime: time,
      lat: 52 + Math.cos(i / 500) * 0.1,
      lon: 5 + Math.sin(i / 700) * 0.2,
      valid: true,
      timeSuspect: false,
      speedMps: 12,
      headingDeg: null,
      altitudeM: null,
      accuracyM: 6,
      batteryPct: null,
      charging: null,
      satellitesInUse: null,
      alarm: 'none',
      eventCode: 0,
      attributes: {},
    };
  });
}

function createMember(id: number, random: Random, towns: readonly (readonly [number, number])[]) {
  const [lon, lat] = towns[Math.floor(random.next() * towns.length)] ?? [5, 52];
  return {
    id,
    name: `Unit ${String(id).padStart(5, '0')}`,
    groupId: 1 + Math.floor(random.next() * GROUPS),
    speedKmh: random.next() < MOVING_SHARE ? 8 + random.next() * 80 : 0,
    headingDeg: random.next() * 360,
    lon: lon + random.gaussian() * TOWN_DEG,
    lat: lat + random.gaussian() * TOWN_DEG * 0.6,
    fixTimeMs: 0,
  };
}

function move(member: Member, nowMs: number, random: Random): void {
  const hours = Math.min(60, (nowMs - member.fixTimeMs) / 1_000) / 3_600;
  member.fixTimeMs = nowMs;
  if (member.speedKmh === 0) return;
  member.headingDeg = (member.headingDeg + random.gaussian() * 20 + 360) % 360;
  const metres = member.speedKmh * 1_000 * hours;
  const angle = (member.headingDeg * Math.PI) / 180;
  member.lat += (Math.cos(angle) * metres) / M_PER_DEGREE;
  member.lon += (Math.sin(angle) * metres) / (M_PER_DEGREE * 0.62);
}

function encode(member: Member): string {
  const data: LocationData = {
    speed: Math.round(member.speedKmh * 10) / 10,
    location: { longitude: member.lon, latitude: member.lat, altitude: 3 },
    timestamp: new Date(member.fixTimeMs).toISOString(),
    charging: null,
    tracker: member.id,
    groups: [member.groupId],
    batteryLevel: 60,
    heading: Math.round(member.headingDeg * 10) / 10,
    sattelites: { inUse: 9, inView: null },
    name: member.name,
    valid: true,
    accuracy: 6,
  };
  return encodeLocationData(data);
}

/** Makes `size` trackers out of `seed`. */
export function createFleet(seed: string, size: number): Fleet {
  const random = createRandom(seed);
  const towns = Array.from(
    { length: TOWNS },
    () => [3.6 + random.next() * 3.4, 50.9 + random.next() * 2.4] as const,
  );
  const members: Member[] = Array.from({ length: size }, (_, i) =>
    createMember(i + 1, random, towns),
  );
  let turn = 0;
  return {
    trackers: members.map(({ id, name, groupId }) => ({
      id,
      name,
      groupIds: [groupId],
      device: null,
    })),
    all(nowMs) {
      // as if each had reported some time within the last minute
      return members.map((member) => {
        if (member.fixTimeMs === 0) member.fixTimeMs = nowMs - Math.floor(random.next() * 60_000);
        return encode(member);
      });
    },
    report(trackerId, nowMs) {
      const member = members[trackerId - 1];
      if (member === undefined) throw new Error(`there is no tracker ${trackerId}`);
      move(member, nowMs, random);
      return encode(member);
    },
    next(count, nowMs) {
      const texts: string[] = [];
      for (let i = 0; i < count; i += 1) {
        // a step that shares no factor with the size: neighbours in the list do not report together
        turn = (turn + 7_919) % size;
        const member = members[turn];
        if (member === undefined) continue;
        move(member, nowMs, random);
        texts.push(encode(member));
      }
      return texts;
    },
  };
}
