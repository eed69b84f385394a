/** Lengths of time that people have chosen: told exactly, not rounded as the age of a fix is. */
import type { Messages } from '../messages/en.ts';

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** `30 s`, `5 min`, `1 h 30`, `2 days`: the largest unit that tells whole minutes exactly. Whole seconds in. */
export function spanWords(seconds: number, words: Messages['time']): string {
  if (seconds < MINUTE_S || seconds % MINUTE_S !== 0) return words.seconds(seconds);
  if (seconds % DAY_S === 0) return words.days(seconds / DAY_S);
  if (seconds < HOUR_S) return words.minutes(seconds / MINUTE_S);
  if (seconds % HOUR_S === 0) return words.hours(seconds / HOUR_S);
  if (seconds > DAY_S) return words.minutes(seconds / MINUTE_S);
  const minutes = String((seconds % HOUR_S) / MINUTE_S).padStart(2, '0');
  return words.hoursMinutes(Math.floor(seconds / HOUR_S), minutes);
}
