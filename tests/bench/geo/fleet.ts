/** A fleet of which most is parked: what asking only those that left their circle saves. */
import { FenceMatches, SafePlace, type FenceIndex } from '@followme/geo';
import { createReplay } from '@followme/geofence';
import { trustedId, type TenantId, type TrackerId } from '@followme/model';
import { createRandom } from '@followme/platform';
import { medianCpuUs } from './measure.ts';
import type { World } from './world.ts';

const TRACKERS = 2_000;
const FIXES = 100;
const PARKED_SHARE = 0.7;
/** Noise of a receiver, m. */
const NOISE_M = 5;
/** A car in town with a fix each ten seconds, m. */
const STEP_M = 140;
const METRES_PER_DEG = 111_195;
const ROUNDS = 5;
const START_TIME_MS = Date.UTC(2026, 0, 1);
/** Between two fixes of a tracker. */
const STEP_MS = 10_000;

/** Fixes a second of CPU when the time machine goes over the history of the fleet in memory; its crossings are told. */
export function measureReplay(world: World): {
  readonly perSecond: number;
  readonly events: number;
} {
  const fixes = driveFleet(world);
  const history = Array.from({ length: TRACKERS * FIXES }, (_, i) => ({
    tenantId: trustedId<TenantId>(1),
    trackerId: trustedId<TrackerId>((i % TRACKERS) + 1),
    fixTimeMs: START_TIME_MS + Math.floor(i / TRACKERS) * STEP_MS,
    receivedTimeMs: START_TIME_MS + Math.floor(i / TRACKERS) * STEP_MS,
    lonE7: Math.round((fixes[i * 2] ?? 0) * 1e7),
    latE7: Math.round((fixes[i * 2 + 1] ?? 0) * 1e7),
    valid: true,
    source: null,
  }));
  let events = 0;
  // the index is made once for any length of history: it is not counted
  const replays = Array.from({ length: ROUNDS }, () => createReplay(world.fences));
  const us = medianCpuUs(ROUNDS, () => {
    const replay = replays.pop();
    events = 0;
    for (const fix of history) events += replay?.judge(fix).length ?? 0;
  });
  return { perSecond: Math.round((history.length * 1e6) / us), events };
}

/** Longitude and latitude of each fix of the fleet, tracker by tracker within each step as a log has them. */
function driveFleet(world: World): Float64Array {
  const random = createRandom('fleet');
  const fleet = Array.from({ length: TRACKERS }, () => ({
    at: world.anyPlace(),
    isParked: random.next() < PARKED_SHARE,
    heading: random.next() * 2 * Math.PI,
  }));
  const fixes = new Float64Array(TRACKERS * FIXES * 2);
  let to = 0;
  for (let fix = 0; fix < FIXES; fix += 1) {
    for (const tracker of fleet) {
      const [lon, lat] = tracker.at;
      const cosine = Math.cos((lat * Math.PI) / 180);
      if (!tracker.isParked) {
        const step = STEP_M / METRES_PER_DEG;
        const east = (step * Math.cos(tracker.heading)) / cosine;
        tracker.at = [lon + east, lat + step * Math.sin(tracker.heading)];
      }
      const [x, y] = tracker.at;
      const noise = NOISE_M / METRES_PER_DEG;
      fixes[to] = x + (random.gaussian() * noise) / cosine;
      fixes[to + 1] = y + random.gaussian() * noise;
      to += 2;
    }
  }
  return fixes;
}

/** Fixes a second of CPU when each is asked for, and when those within their circle are not. */
export function measureFleet(
  world: World,
  index: FenceIndex,
): { readonly plain: number; readonly withCircles: number } {
  const fixes = driveFleet(world);
  const found = new FenceMatches();
  let plainMatches = 0;
  const plainUs = medianCpuUs(ROUNDS, () => {
    plainMatches = 0;
    for (let at = 0; at < fixes.length; at += 2) {
      plainMatches += index.query(fixes[at] ?? 0, fixes[at + 1] ?? 0, found);
    }
  });
  let matches = 0;
  const circlesUs = medianCpuUs(ROUNDS, () => {
    matches = 0;
    const circles = Array.from({ length: TRACKERS }, () => new SafePlace());
    const last = new Int32Array(TRACKERS);
    for (let at = 0, tracker = 0; at < fixes.length; at += 2, tracker = (tracker + 1) % TRACKERS) {
      const lon = fixes[at] ?? 0;
      const lat = fixes[at + 1] ?? 0;
      const circle = circles[tracker];
      if (circle === undefined) throw new RangeError(`Tracker ${tracker} has no circle`);
      if (!circle.covers(index, lon, lat)) {
        last[tracker] = index.query(lon, lat, found);
        circle.note(index, lon, lat);
      }
      matches += last[tracker] ?? 0;
    }
  });
  if (matches !== plainMatches) throw new Error(`Circles: ${matches} matches, not ${plainMatches}`);
  const perSecond = (us: number): number => Math.round((TRACKERS * FIXES * 1e6) / us);
  return { plain: perSecond(plainUs), withCircles: perSecond(circlesUs) };
}
