import type { FenceReply, RuleReply } from '@followme/contracts';
import { describe, expect, test } from 'vitest';
import type { LiveTracker } from '../../live/live-tracker.ts';
import { fixOf } from '../../testing.ts';
import { audienceOf, boundsOf, countInside, isWatched, rulesOf, toShape } from './place-facts.ts';
import {
  differencesOf,
  drawingFault,
  isKeptPlace,
  NEW_PLACE,
  ownRuleOf,
  refusedShape,
  toFenceBody,
  toPlaceForm,
  toRuleBody,
} from './place-form.ts';
import { startDrawing } from '../../drawing/drawing.ts';
import { fromGeometry } from '../../drawing/draft.ts';

const fence: FenceReply = {
  id: 7,
  name: 'Yard',
  geometry: { type: 'Point', coordinates: [5, 52], radiusM: 1_000 },
  groupIds: [1, 2],
  version: 3,
};
const rule = (id: number, trigger: RuleReply['trigger'], enabled = true): RuleReply => ({
  id,
  name: `rule ${id}`,
  enabled,
  severity: 'critical',
  trigger,
  groupIds: null,
  recipientIds: [4],
  webhookIds: [5],
  coolDownS: 60,
  escalation: null,
  version: 1,
});
const own = rule(1, { kind: 'fence', fenceIds: [7], on: ['enter'] });
const shared = rule(2, { kind: 'fence', fenceIds: [7, 8], on: ['exit'] });
const any = rule(3, { kind: 'fence', fenceIds: null, on: ['enter'] });
const silent = rule(4, { kind: 'silent', afterS: 60 });
const rules = [any, silent, shared, own];

const tracker = (trackerId: number, lon: number, groupIds: readonly number[]): LiveTracker => ({
  trackerId,
  name: `t${trackerId}`,
  groupIds,
  fix: fixOf({ trackerId, lon, lat: 52 }),
  state: 'moving',
  stillSinceMs: null,
});

describe('what is known of a place', () => {
  test('those it is for who stand inside are counted', () => {
    const shape = toShape(fence.geometry);
    if (shape === null) throw new Error('no shape');
    const trackers = [
      tracker(1, 5, [1]),
      tracker(2, 5.001, [9]),
      tracker(3, 6, [1]),
      { ...tracker(4, 5, [1]), fix: null },
    ];
    expect(countInside(shape, fence.groupIds, trackers)).toBe(1);
    expect(countInside(shape, null, trackers)).toBe(2);
    expect(isWatched([], { groupIds: [1] })).toBe(false);
  });

  test('rules that name it and rules for any place are told apart', () => {
    expect(rulesOf(7, rules)).toEqual({ naming: [shared, own], any: [any] });
    expect(rulesOf(9, rules).naming).toEqual([]);
  });

  test('whom it is for is everybody, groups by name, or nobody once they are gone', () => {
    const groups = [
      { id: 1, name: 'North' },
      { id: 3, name: 'South' },
    ];
    expect(audienceOf({ groupIds: null }, groups)).toBe('all');
    expect(audienceOf(fence, groups)).toEqual(['North']);
    expect(audienceOf({ groupIds: [8] }, groups)).toBe('nobody');
  });

  test('its box holds it, also over the antimeridian', () => {
    const line = {
      type: 'LineString',
      coordinates: [
        [179, 1],
        [-179, 3],
      ],
      widthM: 10,
    } as const;
    expect(boundsOf(structuredClone(line) as never)).toEqual({
      west: 179,
      east: 181,
      south: 1,
      north: 3,
    });
    const { west, east } = boundsOf(fence.geometry);
    expect([west < 5, east > 5]).toEqual([true, true]);
  });

  test('a shape that is none is not asked', () => {
    expect(toShape({ type: 'Polygon', coordinates: [] })).toBeNull();
  });
});

describe('the form of a place', () => {
  test('it begins with what the place and its own rule say, without groups that are gone', () => {
    expect(ownRuleOf(7, rules)).toBe(own);
    expect(toPlaceForm(fence, own, new Set([2]))).toEqual({
      name: 'Yard',
      groupIds: [2],
      enters: true,
      leaves: false,
      severity: 'critical',
      recipientIds: [4],
      webhookIds: [5],
    });
    expect(toPlaceForm(fence, { ...own, enabled: false }, new Set()).enters).toBe(false);
  });

  test('no group is every tracker; a name is sent without blanks around it', () => {
    const draft = fromGeometry(fence.geometry);
    expect(toFenceBody({ ...NEW_PLACE, name: ' Yard ' }, draft)).toEqual({
      name: 'Yard',
      geometry: fence.geometry,
      groupIds: null,
    });
    expect(toFenceBody({ ...NEW_PLACE, groupIds: [2] }, draft).groupIds).toEqual([2]);
  });

  test('its rule is for this place; telling nothing is no rule', () => {
    expect(toRuleBody(NEW_PLACE, { fenceId: 7, name: 'x' })).toBeNull();
    const form = { ...NEW_PLACE, enters: true, leaves: true, recipientIds: [4] };
    expect(toRuleBody(form, { fenceId: 7, name: 'x' })).toMatchObject({
      trigger: { kind: 'fence', fenceIds: [7], on: ['enter', 'exit'] },
      severity: 'high',
      recipientIds: [4],
      groupIds: null,
      enabled: true,
    });
  });

  test('what is not drawn, not closed or not a shape cannot be saved', () => {
    expect(drawingFault(startDrawing(null))).toEqual({ kind: 'missing' });
    const drawn = startDrawing(fromGeometry(fence.geometry));
    expect(drawingFault({ ...drawn, isOpen: true })).toEqual({ kind: 'unfinished' });
    expect(drawingFault(drawn)).toBeNull();
    const crossing = fromGeometry({
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      ],
    });
    expect(drawingFault(startDrawing(crossing))).toMatchObject({
      kind: 'problem',
      problem: { reason: 'SELF_INTERSECTION' },
    });
  });

  test('a refusal of the server has the words and the place of our own check', () => {
    expect(refusedShape({ reason: 'RINGS_CROSS', place: [1, 2] })).toEqual({
      reason: 'RINGS_CROSS',
      place: [1, 2],
    });
    expect(refusedShape({ reason: 'OF_TOMORROW' })).toEqual({ reason: 'NOT_GEOJSON', place: null });
  });
});

describe('a draft that was kept', () => {
  const kept = { form: NEW_PLACE, draft: null, isOpen: true, tool: 'polygon', before: null };

  test('is taken when it is one of ours', () => {
    expect(isKeptPlace(kept)).toBe(true);
    expect(isKeptPlace({ ...kept, draft: fromGeometry(fence.geometry), before: fence })).toBe(true);
  });

  test.each([
    ['nothing', null],
    ['a text', 'x'],
    ['of another release', { ...kept, form: { name: 'x' } }],
    ['of a tool nobody knows', { ...kept, tool: 'star' }],
    ['over a place that is none', { ...kept, before: { id: 7 } }],
    ['of a shape nobody knows', { ...kept, draft: { kind: 'star' } }],
  ])('is not taken when it is %s', (_, value) => {
    expect(isKeptPlace(value)).toBe(false);
  });
});

test('of two versions of a place it is told what differs', () => {
  expect(differencesOf(fence, fence)).toEqual({ name: false, shape: false, watch: false });
  expect(differencesOf(fence, { ...fence, name: 'Dock', groupIds: null, version: 9 })).toEqual({
    name: true,
    shape: false,
    watch: true,
  });
});
