/**
 * Brings what open sessions know of alerts up to date with the store. Each change of an alert carries a
 * revision of its tenant, visible in the order of commits; a look loads what is newer than what was told, so
 * a lost broadcast costs no more than the time to the next look. Whoever identified first and then asks
 * `/api/alerts` has no gap: what was committed before they asked is in that answer, everything later is told.
 */
import type { GroupId, TenantId, TrackerId } from '@followme/model';
import {
  alertsSince,
  groupsOfTrackers,
  listAlerts,
  type Alert,
  type Store,
  type TenantScope,
} from '@followme/store';
import { toAlertReply } from '../alert-reply.ts';
import type { Revisions } from '../ports.ts';
import type { LiveHub } from './hub.ts';
import type { LiveSession } from './session.ts';
import type { TrackerState } from './tracker-state.ts';

/** Alerts loaded at a time. */
const PAGE = 500;
/** Pages of one tenant in one look: the rest follows with the next, so that a storm in one delays no other. */
const MAX_PAGES = 4;

interface AlertLookDeps {
  readonly store: Store;
  readonly hub: LiveHub;
}

/** The alert revisions out of a look at the revisions. */
export function alertsSeenIn(revisions: Revisions): ReadonlyMap<TenantId, number> {
  return new Map([...revisions].map(([tenantId, r]) => [tenantId, r.alertsRevision]));
}

/** The part of a look that is about alerts. */
export class AlertLook {
  readonly #deps: AlertLookDeps;
  /** The revision up to which each tenant's viewers were told. */
  readonly #seen: Map<TenantId, number>;

  constructor(deps: AlertLookDeps, seen: ReadonlyMap<TenantId, number>) {
    this.#deps = deps;
    this.#seen = new Map(seen);
  }

  /**
   * Tells the viewers of each tenant what changed since the last look.
   * @returns the errors of tenants that could not be looked at; what was not told is told by the next look.
   */
  async tellChanges(
    revisions: Revisions,
    hasViewers: (tenantId: TenantId) => boolean,
  ): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    for (const [tenantId, { alertsRevision }] of revisions) {
      const seen = this.#seen.get(tenantId) ?? 0;
      if (seen >= alertsRevision) continue;
      // who comes later asks for the alerts there are, and finds all of these
      if (!hasViewers(tenantId)) this.#seen.set(tenantId, alertsRevision);
      else {
        try {
          await this.#tellSince(tenantId, seen, alertsRevision);
        } catch (error) {
          failures.push(error);
        }
      }
    }
    return failures;
  }

  async #tellSince(tenantId: TenantId, seen: number, goal: number): Promise<void> {
    let from = seen;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const since = { revision: from, limit: PAGE };
      const { alerts, retiredGroups } = await this.#deps.store.asTenant(
        tenantId,
        async (tenant) => {
          const changed = await alertsSince(tenant, since);
          return { alerts: changed, retiredGroups: await this.#groupsOfRetired(tenant, changed) };
        },
      );
      for (const alert of alerts) {
        const groups = retiredGroups.get(alert.trackerId) ?? [];
        this.#deps.hub.announceAlert(tenantId, toAlertReply(alert), groups);
      }
      from = alerts.at(-1)?.revision ?? from;
      const isDone = alerts.length < PAGE;
      // a revision that no alert carries any more is passed too, or it would be looked for every second
      this.#seen.set(tenantId, isDone ? Math.max(from, goal) : from);
      if (isDone) return;
    }
  }

  /** Groups of trackers that the hub does not know any more: their alerts can still be answered. */
  #groupsOfRetired(
    tenant: TenantScope,
    alerts: readonly Alert[],
  ): Promise<ReadonlyMap<TrackerId, readonly GroupId[]>> {
    const ids = new Set(alerts.map(({ trackerId }) => trackerId));
    const retired = [...ids].filter((id) => !this.#deps.hub.isRegistered(tenant.tenantId, id));
    return groupsOfTrackers(tenant, retired);
  }

  /**
   * Tells sessions of one tenant the open alerts of trackers that came into their view.
   * @throws the error of the store; what was not told stays owed.
   */
  async tellGained(tenantId: TenantId, sessions: readonly LiveSession[]): Promise<void> {
    const gained = new Map<LiveSession, ReadonlySet<TrackerState>>();
    for (const session of sessions) {
      if (session.gained.size > 0) gained.set(session, new Set(session.gained));
    }
    if (gained.size === 0) return;
    const states = new Map<TrackerId, TrackerState>();
    for (const set of gained.values()) for (const state of set) states.set(state.trackerId, state);
    let cursor: string | null = null;
    do {
      const page = await this.#openAlerts(tenantId, new Set(states.keys()), cursor);
      for (const alert of page.items) {
        const state = states.get(alert.trackerId);
        const viewers = [...gained]
          .filter(([session, set]) => state !== undefined && set.has(state) && session.sees(state))
          .map(([session]) => session);
        this.#deps.hub.tellAlert(viewers, toAlertReply(alert));
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
    for (const [session, set] of gained) session.settleGained(set);
  }

  async #openAlerts(
    tenantId: TenantId,
    visible: ReadonlySet<TrackerId>,
    cursor: string | null,
  ): Promise<{ readonly items: readonly Alert[]; readonly nextCursor: string | null }> {
    const query = {
      state: 'unclosed',
      visible,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    } as const;
    const page = await this.#deps.store.asTenant(tenantId, (tenant) => listAlerts(tenant, query));
    if (!page.ok) throw new Error(`Our own cursor was refused: ${page.error.got}`);
    return page.value;
  }
}
