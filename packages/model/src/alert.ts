/** What sets a rule off and how loud its alerts are; one card per cause and tracker is an alert. */
import type { FenceEventKind } from './fence-event.ts';
import type { FenceId } from './ids.ts';
import type { Alarm } from './position.ts';

/** How loud an alert is, loudest first. `info` is written down and asks nobody for an answer. */
export type Severity = 'critical' | 'high' | 'medium' | 'info';

/** An alarm a device can raise. */
export type AlarmName = Exclude<Alarm, 'none'>;

/** What sets a rule off. */
export type Trigger =
  /** A crossing of one of these fences, or of any (null). */
  | {
      readonly kind: 'fence';
      readonly fenceIds: readonly FenceId[] | null;
      readonly on: readonly FenceEventKind[];
    }
  /** An alarm the device raises. */
  | { readonly kind: 'alarm'; readonly alarms: readonly AlarmName[] }
  /** Nothing heard for so many seconds. */
  | { readonly kind: 'silent'; readonly afterS: number };

/** Where a card stands. */
export type AlertState = 'open' | 'acknowledged' | 'closed';

/** What kind of thing a card is about. */
export type AlertKind = Trigger['kind'];
