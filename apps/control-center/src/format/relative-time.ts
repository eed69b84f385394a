import { messages } from '../messages/messages.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A length of time in one unit: `4 s`, `22 min`, `3 h`, `2 days`. Negative counts as zero. */
export function formatSpan(spanMs: number): string {
  const { time } = messages;
  const span = Math.max(0, spanMs);
  if (span < MINUTE_MS) return time.seconds(Math.floor(span / SECOND_MS));
  if (span < HOUR_MS) return time.minutes(Math.floor(span / MINUTE_MS));
  if (span < DAY_MS) return time.hours(Math.floor(span / HOUR_MS));
  return time.days(Math.floor(span / DAY_MS));
}

/**
 * How long ago, for reading at a glance: `now` below 2 s (also for clocks that run ahead), `4 s ago`, up to an
 * hour in minutes, then the clock, then the date.
 */
export function formatAgo(thenMs: number, nowMs: number): string {
  const span = nowMs - thenMs;
  if (span < 2 * SECOND_MS) return messages.time.now;
  if (span < HOUR_MS) return messages.time.ago(formatSpan(span));
  return formatClockOrDate(thenMs, nowMs);
}

/** The short form for a narrow column: `4 s`, `22 min`, then the clock, then the date. */
export function formatAgoShort(thenMs: number, nowMs: number): string {
  const span = nowMs - thenMs;
  if (span < 2 * SECOND_MS) return messages.time.now;
  return span < HOUR_MS ? formatSpan(span) : formatClockOrDate(thenMs, nowMs);
}

const clock = new Intl.DateTimeFormat(messages.locale, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const clockSeconds = new Intl.DateTimeFormat(messages.locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const date = new Intl.DateTimeFormat(messages.locale, { day: 'numeric', month: 'short' });
const exact = new Intl.DateTimeFormat(messages.locale, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});

function formatClockOrDate(thenMs: number, nowMs: number): string {
  return nowMs - thenMs < DAY_MS ? clock.format(thenMs) : date.format(thenMs);
}

/** Hours and minutes of a moment, in the reader's time zone: `21:42`. */
export function formatClock(timeMs: number): string {
  return clock.format(timeMs);
}

/** Hours, minutes and seconds of a moment: `21:42:08`. */
export function formatClockSeconds(timeMs: number): string {
  return clockSeconds.format(timeMs);
}

/** Everything about a moment, for hover, focus and the detail panel. */
export function formatExact(timeMs: number): string {
  return exact.format(timeMs);
}

/** A stay: `44 min`, from an hour on `1 h 02`. */
export function formatStay(spanMs: number): string {
  if (spanMs < HOUR_MS) return formatSpan(spanMs);
  const minutes = Math.floor((spanMs % HOUR_MS) / MINUTE_MS);
  return messages.time.hoursMinutes(Math.floor(spanMs / HOUR_MS), String(minutes).padStart(2, '0'));
}
