/** All that delivering knows of the database: what is due, and what became of it. */
import type {
  DueCall,
  DueCallsQuery,
  DueMail,
  DueMailsQuery,
  SettledAttempt,
  SettleOutcome,
} from '@followme/store';

export interface OutboxStore {
  /** Mails whose time has come, what is critical first, tenants in turn. */
  dueMails(query: DueMailsQuery): Promise<readonly DueMail[]>;
  /** Calls whose time has come: at most one of each webhook, none of busy ones. */
  dueCalls(query: DueCallsQuery): Promise<readonly DueCall[]>;
  /** What waits, and since when the first message that is due is (ms since 1970 UTC), or null. */
  state(nowMs: number): Promise<{ readonly waiting: number; readonly oldestDueMs: number | null }>;
  /**
   * Writes down an attempt, once however often it is asked for, and only while the epoch owns the deliveries.
   * `alertChanged`: a card tells of it.
   */
  settle(
    attempt: SettledAttempt,
  ): Promise<{ readonly outcome: SettleOutcome; readonly alertChanged: boolean }>;
}
