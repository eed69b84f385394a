import { counted } from './counting.ts';

/** Sentences of spans of time. */
export const time = {
  now: 'now',
  seconds: (n: number) => `${n} s`,
  minutes: (n: number) => `${n} min`,
  hours: (n: number) => `${n} h`,
  days: (n: number) => counted(n, 'day', 'days'),
  ago: (span: string) => `${span} ago`,
  hoursMinutes: (h: number, m: string) => `${h} h ${m}`,
};
