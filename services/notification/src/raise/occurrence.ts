/** Something that happened to a tracker and may be worth an alert: a crossing, an alarm, a silence. */
import type {
  AlarmName,
  FenceEventKind,
  FenceId,
  RuleId,
  TenantId,
  TrackerId,
} from '@followme/model';

/** What happened. */
export type Cause =
  | {
      readonly kind: 'fence';
      readonly fenceId: FenceId;
      readonly fenceName: string;
      readonly transition: FenceEventKind;
    }
  | { readonly kind: 'alarm'; readonly alarm: AlarmName }
  /** Seen by the look for silence, which goes by one rule. */
  | { readonly kind: 'silent'; readonly ruleId: RuleId };

/** One occurrence. */
export interface Occurrence {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  /** Time of the fix it is about; of a silence, when the tracker was last heard. ms since 1970 UTC. */
  readonly timeMs: number;
  /** Degrees; null when the device did not know. */
  readonly lon: number | null;
  readonly lat: number | null;
  readonly cause: Cause;
}

/**
 * What makes the next occurrence a repeat of the same card: rule, tracker and what happened. Without a rule
 * (an SOS that nobody wrote one for) there is one card per tracker.
 */
export function keyOf(ruleId: RuleId | null, { trackerId, cause }: Occurrence): string {
  const whose = ruleId === null ? `sos:t${trackerId}` : `r${ruleId}:t${trackerId}`;
  if (ruleId === null) return whose;
  switch (cause.kind) {
    case 'fence':
      return `${whose}:f${cause.fenceId}:${cause.transition}`;
    case 'alarm':
      return `${whose}:${cause.alarm}`;
    case 'silent':
      return `${whose}:silent`;
  }
}
