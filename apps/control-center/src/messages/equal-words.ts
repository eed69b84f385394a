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
  'Info',
  'SOS',
  'Server',
  'Webhooks',
  'F6',
  'activity.unknownTracker',
  'counted',
  'detail.distanceAndStops',
  'detail.stops',
  'groups.trackerCount',
  'place.at',
  'rules.minutes',
  'rules.sentence.choice',
  'rules.sentence.list',
  'shell.open',
  'time.minutes',
  'time.seconds',
  'trackerPages.apnWords.apn',
]);
