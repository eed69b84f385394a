/**
 * Texts that are rightly the same in English and Dutch, and the paths of functions that are. The test of the
 * languages takes every other equal text for one that was forgotten.
 */
export const EQUAL_WORDS: ReadonlySet<string> = new Set([
  'E-mail',
  'Follow Me',
  'Live',
  'Natural Earth, GeoNames',
  'NW',
  'Trackers',
  'Enter',
  'Esc',
  'F6',
  'activity.unknownTracker',
  'counted',
  'detail.distanceAndStops',
  'detail.stops',
  'place.at',
  'shell.open',
  'time.minutes',
  'time.seconds',
]);
