/** What a place would have seen, in words. */
import type { FencePreviewReply } from '@followme/contracts';
import { messages } from '../../messages/messages.ts';

const text = messages.places.preview;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far back it reaches: in hours below two days, then in days. */
function spanOf({ from, to }: FencePreviewReply): {
  readonly days: number;
  readonly hours: number;
} {
  const ms = Date.parse(to) - Date.parse(from);
  const isDays = ms >= 2 * DAY_MS || ms === DAY_MS;
  return { days: isDays ? Math.round(ms / DAY_MS) : 0, hours: Math.round(ms / HOUR_MS) };
}

/** "Last 7 days: 14 entries by 3 trackers". */
export function previewWords(seen: FencePreviewReply): string {
  const { days, hours } = spanOf(seen);
  if (hours === 0) return text.tooMuch;
  const { entries, trackers, visitors } = seen;
  if (entries > 0) {
    const counts = text.entries(entries, trackers);
    return days > 0 ? text.lastDays(days, counts) : text.lastHours(hours, counts);
  }
  if (visitors === 0) return days > 0 ? text.nobodyDays(days) : text.nobodyHours(hours);
  const counts = text.stayed(visitors);
  return days > 0 ? text.lastDays(days, counts) : text.lastHours(hours, counts);
}
