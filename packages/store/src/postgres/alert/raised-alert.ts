import type {
  AlarmName,
  AlertId,
  AlertKind,
  AlertState,
  FenceEventKind,
  FenceId,
  RuleId,
  Severity,
  TenantId,
  TrackerId,
} from '@followme/model';

/** A card as raising sees it: times in ms, without names that are looked up. */
export interface RaisedAlert {
  readonly tenantId: TenantId;
  /** Null until it is in the store. */
  readonly alertId: AlertId | null;
  /** What makes the next occurrence a repeat of this card. */
  readonly key: string;
  readonly state: AlertState;
  readonly severity: Severity;
  readonly kind: AlertKind;
  readonly ruleId: RuleId | null;
  readonly ruleName: string | null;
  readonly trackerId: TrackerId;
  readonly fenceId: FenceId | null;
  readonly fenceName: string | null;
  readonly transition: FenceEventKind | null;
  readonly alarm: AlarmName | null;
  readonly occurrences: number;
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  readonly raisedMs: number;
  readonly lastRaisedMs: number;
  /** When messages were last made for the key. */
  readonly notifiedMs: number | null;
  /** When the history last said that it happened again. */
  readonly repeatedMs: number | null;
  readonly lon: number | null;
  readonly lat: number | null;
  readonly escalatesMs: number | null;
}
