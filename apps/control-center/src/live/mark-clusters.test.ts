import { describe, expect, test } from 'vitest';
import { fixOf } from '../testing.ts';
import type { AlertMark, MarkSeverity } from './alert-mark.ts';
import { applyFix, type LiveTracker } from './live-tracker.ts';
import { clusterMarks, type MapMark, type MapView } from './mark-clusters.ts';
import { diffMarks, isEmptyDiff, markFeature, ringSteps, shortCountIn } from './mark-features.ts';

const VIEW: MapView = { west: 4, south: 51, east: 6, north: 53, zoom: 8 };

/** `count` trackers at one place, ids from `firstId` on. */
function crowd(count: number, firstId = 1, place = { lon: 5, lat: 52 }): LiveTracker[] {
  return Array.from({ length: count }, (_, i) =>
    applyFix(undefined, fixOf({ trackerId: firstId + i, ...place }), 0),
  );
}

function alertsOn(severity: MarkSeverity, ...ids: number[]) {
  return (trackerId: number): AlertMark | undefined =>
    ids.includes(trackerId) ? { trackerId, severity, word: 'SOS' } : undefined;
}

const look = (trackers: LiveTracker[], alertOf = alertsOn('high'), view = VIEW): MapMark[] =>
  clusterMarks({ trackers, view, alertOf });
const kinds = (marks: MapMark[]): string[] => marks.map(({ kind }) => kind).sort();

describe('marks of a view', () => {
  test('three at one place are a cluster, two are two marks', () => {
    expect(look(crowd(3))).toMatchObject([{ kind: 'cluster', id: -1, trackerIds: [1, 2, 3] }]);
    expect(kinds(look(crowd(2)))).toEqual(['tracker', 'tracker']);
  });

  test('a critical alert never joins a cluster, however dense it is and however far one looks', () => {
    const marks = look(crowd(500), alertsOn('critical', 77), { ...VIEW, zoom: 1 });
    const cluster = marks.find((mark) => mark.kind === 'cluster');
    expect(cluster?.kind === 'cluster' ? cluster.trackerIds.length : 0).toBe(499);
    expect(marks.find(({ id }) => id === 77)).toMatchObject({ alert: { severity: 'critical' } });
  });

  test('other alerts join, and the ring counts them as alerts', () => {
    const [cluster] = look(crowd(4), alertsOn('high', 2));
    expect(cluster).toMatchObject({ counts: { high: 1, idle: 3, moving: 0 } });
  });

  test('whoever lies further apart than a mark is wide is drawn apart', () => {
    const apart = [0, 0.5, 1].flatMap((step, i) => crowd(1, i + 1, { lon: 4.5 + step, lat: 52 }));
    expect(kinds(look(apart))).toEqual(['tracker', 'tracker', 'tracker']);
    expect(kinds(look(apart, undefined, { ...VIEW, zoom: 3 }))).toEqual(['cluster']);
  });

  test('clusters whose rings would touch are one', () => {
    // pixels at this zoom, apart in longitude
    const pxLon = 360 / (512 * 2 ** VIEW.zoom);
    const lean = (fromPx: number, firstId: number) =>
      [0, 1, 1].flatMap((share, i) =>
        crowd(1, firstId + i, { lon: 5 + (fromPx + share * 12) * pxLon, lat: 52 }),
      );
    // their first members are 42 px apart, and so are their middles
    expect(kinds(look([...lean(0, 1), ...lean(42, 11)]))).toEqual(['cluster']);
    expect(kinds(look([...lean(0, 1), ...lean(50, 11)]))).toEqual(['cluster', 'cluster']);
  });

  test('every tracker is in exactly one mark', () => {
    const trackers = Array.from({ length: 400 }, (_, i) =>
      crowd(1, i + 1, { lon: 4.2 + ((i * 37) % 100) / 60, lat: 51.2 + ((i * 61) % 100) / 60 }),
    ).flat();
    const ids = look(trackers).flatMap((mark) =>
      mark.kind === 'cluster' ? mark.trackerIds : [mark.id],
    );
    expect(ids.toSorted((a, b) => a - b)).toEqual(trackers.map(({ trackerId }) => trackerId));
  });

  test('what is far out of sight is left out, also across the edge of the world', () => {
    expect(look(crowd(1, 1, { lon: 20, lat: 52 }))).toEqual([]);
    const pacific = { ...VIEW, west: 175, east: 190 };
    expect(look(crowd(1, 1, { lon: -175, lat: 52 }), undefined, pacific)).toHaveLength(1);
  });
});

describe('marks as features', () => {
  const features = (trackers: LiveTracker[], alertOf = alertsOn('high')) =>
    look(trackers, alertOf).map((mark) => markFeature(mark, VIEW, String));

  test('first all are added, then only what changed, then what went is removed', () => {
    const drawn = new Map();
    const far = crowd(1, 9, { lon: 4.2, lat: 52 });
    expect(diffMarks(features([...crowd(3), ...far]), drawn).add.map(({ id }) => id)).toEqual([
      -1, 9,
    ]);
    expect(isEmptyDiff(diffMarks(features([...crowd(3), ...far]), drawn))).toBe(true);
    const moved = crowd(1, 9, { lon: 4.3, lat: 52 });
    expect(diffMarks(features([...crowd(3), ...moved]), drawn)).toMatchObject({
      add: [],
      remove: [],
      update: [{ id: 9 }],
    });
    expect(diffMarks(features(moved), drawn).remove).toEqual([-1]);
  });

  test('a move of less than half a pixel is not drawn', () => {
    const drawn = new Map();
    diffMarks(features(crowd(1)), drawn);
    const nudged = crowd(1, 1, { lon: 5.00001, lat: 52 });
    expect(isEmptyDiff(diffMarks(features(nudged), drawn))).toBe(true);
  });

  test('a critical alert is told in words beside its mark, others by their shape', () => {
    const critical = features(crowd(1), alertsOn('critical', 1))[0]?.properties;
    expect(critical).toMatchObject({
      image: 'critical',
      label: 'SOS, Patrol 14',
      isCritical: true,
    });
    const high = features(crowd(1), alertsOn('high', 1))[0]?.properties;
    expect(high).toMatchObject({ image: 'high', label: '', isCritical: false });
  });

  test('slices of a ring fill it, and one of a thousand still has one', () => {
    const counts = { high: 1, medium: 0, moving: 600, idle: 398, silent: 1 };
    const steps = ringSteps(counts);
    expect(steps.reduce((sum, n) => sum + n, 0)).toBe(16);
    expect(steps[0]).toBe(1);
    expect(steps[1]).toBe(0);
    expect(steps[4]).toBe(1);
  });

  test('a large count is short enough for its ring', () => {
    const counts = [999, 1000, 1999, 12_345];
    expect(counts.map(shortCountIn('en'))).toEqual(['999', '1K', '1.9K', '12K']);
    expect(counts.map(shortCountIn('nl'))).toEqual(['999', '1K', '1,9K', '12K']);
  });
});
