import type { time as en } from '../en/time.ts';
import { counted } from './counting.ts';

export const time: typeof en = {
  now: 'nu',
  seconds: (n) => `${n} s`,
  minutes: (n) => `${n} min`,
  hours: (n) => `${n} u`,
  days: (n) => counted(n, 'dag', 'dagen'),
  ago: (span) => `${span} geleden`,
  hoursMinutes: (h, m) => `${h} u ${m}`,
};
