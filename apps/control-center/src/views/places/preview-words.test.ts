import type { FencePreviewReply } from '@followme/contracts';
import { expect, test } from 'vitest';
import { en } from '../../messages/en.ts';
import { nl } from '../../messages/nl.ts';
import { previewWords } from './preview-words.ts';

const HOUR = 3_600_000;
const TO = Date.UTC(2026, 4, 20, 12);
function words(hours: number, counts: Partial<FencePreviewReply>): string {
  return previewWords({
    from: new Date(TO - hours * HOUR).toISOString(),
    to: new Date(TO).toISOString(),
    isWhole: hours === 7 * 24,
    entries: 0,
    exits: 0,
    trackers: 0,
    visitors: 0,
    positions: 100,
    ...counts,
  });
}

test.each([
  [168, { entries: 14, trackers: 3, visitors: 3 }, 'Last 7 days: 14 entries by 3 trackers'],
  [168, { entries: 1, trackers: 1, visitors: 1 }, 'Last 7 days: 1 entry by 1 tracker'],
  [60, { entries: 2, trackers: 1, visitors: 1 }, 'Last 3 days: 2 entries by 1 tracker'],
  [36, { entries: 2, trackers: 1, visitors: 1 }, 'Last 36 hours: 2 entries by 1 tracker'],
  [24, { entries: 2, trackers: 1, visitors: 1 }, 'Last day: 2 entries by 1 tracker'],
  [168, {}, 'Nobody was here in the last 7 days'],
  [1, {}, 'Nobody was here in the last hour'],
  [168, { visitors: 2 }, 'Last 7 days: nobody came in, 2 trackers were inside already'],
  [6, { visitors: 1 }, 'Last 6 hours: nobody came in, 1 tracker was inside already'],
  [0, {}, 'There are too many positions here to look through'],
])('%i hours and %o are told as they are', (hours, counts, expected) => {
  expect(words(hours, counts)).toBe(expected);
});

test('both languages count one and many', () => {
  const { preview } = nl.places;
  expect(preview.lastDays(7, preview.entries(14, 3))).toBe(
    'Laatste 7 dagen: 14 keer binnengekomen, door 3 trackers',
  );
  expect(preview.nobodyHours(1)).toBe('Hier was niemand in het laatste uur');
  expect(en.places.preview.nobodyDays(1)).toBe('Nobody was here in the last day');
});
