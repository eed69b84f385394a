/** Device times as milliseconds since 1970 UTC, without making a Date per fix. */

/** Binary frames count seconds from 2000-01-01T00:00:00Z. */
export const SECONDS_1970_TO_2000 = 946_684_800;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const SECONDS_PER_DAY = 86_400;

/**
 * The UTC time of the date `yymmdd` (a decimal number, 2000 … 2099, where every fourth year is a leap year).
 * NaN when the calendar has no such day.
 */
function utcMsOf(yymmdd: number, secondOfDay: number): number {
  const year = Math.floor(yymmdd / 10_000);
  const month = Math.floor(yymmdd / 100) % 100;
  const day = yymmdd % 100;
  const isLeap = year % 4 === 0;
  const days = DAYS_IN_MONTH[month - 1];
  if (days === undefined || day < 1 || day > (isLeap && month === 2 ? 29 : days)) return Number.NaN;
  const leapDays = Math.floor((year + 3) / 4) + (isLeap && month > 2 ? 1 : 0);
  const dayNumber = year * 365 + leapDays + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + day - 1;
  return (SECONDS_1970_TO_2000 + dayNumber * SECONDS_PER_DAY + secondOfDay) * 1_000;
}

/** Six decimal digits as one number; the caller has checked that they are digits. */
function sixDigits(buffer: Buffer, at: number): number {
  let value = 0;
  for (let i = at; i < at + 6; i += 1) value = value * 10 + (buffer[i] ?? 0) - 0x30;
  return value;
}

/** Whether `buffer[start, end)` has the form of `yymmddHHMMSS`. */
export function isTwelveDigits(buffer: Buffer, start: number, end: number): boolean {
  if (end - start !== 12) return false;
  for (let i = start; i < end; i += 1) {
    const byte = buffer[i] ?? 0;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

/** Time of the twelve digits `yymmddHHMMSS` at `at` in UTC; NaN when no clock ever shows it. */
export function parseTextTime(buffer: Buffer, at: number): number {
  const hhmmss = sixDigits(buffer, at + 6);
  const hour = Math.floor(hhmmss / 10_000);
  const minute = Math.floor(hhmmss / 100) % 100;
  const second = hhmmss % 100;
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  return utcMsOf(sixDigits(buffer, at), hour * 3_600 + minute * 60 + second);
}
