import { expect, test } from 'vitest';
import type { AlertReply } from '@followme/contracts';
import type { Crossing } from '../../live/socket-frames.ts';
import { activityItems } from './activity-items.ts';

function crossing(fixMs: number): Crossing {
  const where = { trackerId: 1, fenceId: 1, fenceName: 'Depot' };
  return { eventId: String(fixMs), kind: 'enter', ...where, fixMs };
}

// of an alert only its time is looked at here
const alert = (raisedMs: number): AlertReply =>
  ({ raisedTime: new Date(raisedMs).toISOString() }) as AlertReply;

const ALL = { shown: 'all', limit: 10 } as const;

test('crossings and alerts are one list, newest first, cut at the limit', () => {
  const items = activityItems([crossing(1000), crossing(3000)], [alert(2000)], ALL);
  expect(items.map(({ timeMs }) => timeMs)).toEqual([3000, 2000, 1000]);
  const cut = activityItems([crossing(1000), crossing(3000)], [alert(2000)], { ...ALL, limit: 1 });
  expect(cut.map(({ timeMs }) => timeMs)).toEqual([3000]);
});

test('only places or only alerts are shown when that was chosen', () => {
  const kinds = (shown: 'places' | 'alerts') =>
    activityItems([crossing(1000)], [alert(2000)], { ...ALL, shown }).map(({ kind }) => kind);
  expect(kinds('places')).toEqual(['crossing']);
  expect(kinds('alerts')).toEqual(['alert']);
});
