/**
 * One look at what the store says of registry, fences, permissions and alerts, and what follows from it for the
 * hub. Nothing that was found to have changed is forgotten when a look fails half way: what it did not get
 * to stays in `#doubtful` and is done by the next one.
 */
import type { ErrorCode } from '@followme/contracts';
import type { GroupId, TenantId } from '@followme/model';
import type { Clock } from '@followme/platform';
import {
  loadAudiences,
  type SeenRevisions,
  type Session,
  type SessionAudience,
  type Store,
} from '@followme/store';
import type { LiveSource, Revisions } from '../ports.ts';
import { AlertLook } from './alert-look.ts';
import type { LiveHub } from './hub.ts';
import type { Audience, LiveSession } from './session.ts';

/** How often a session is checked though nothing changed. */
const RECHECK_MS = 30_000;
/** Checks of tenants that may fail before a look gives up: a store that is gone is not asked for each. */
const MAX_FAILURES = 3;

/** What a session of this person sees. Administrators see all of their tenant. */
export function audienceOf(
  person: Pick<SessionAudience, 'role' | 'seesAll' | 'groupIds'>,
): Audience {
  return seesAllOf(person) ? 'all' : new Set<GroupId>(person.groupIds);
}

/** Whether a person sees every tracker of the tenant. */
export function seesAllOf(person: Pick<SessionAudience, 'role' | 'seesAll'>): boolean {
  return person.seesAll || person.role === 'administrator';
}

/** An open socket's session. */
export interface Viewer {
  readonly session: Session;
  readonly live: LiveSession;
}

export interface AudienceLookDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly hub: LiveHub;
  readonly source: LiveSource;
}

/** How far the hub and its viewers have come. */
export interface SeenState {
  /** The revisions at which the hub's registry was loaded. */
  readonly registry: SeenRevisions;
  /** The version of each tenant's fences that viewers know of, or find when they ask. */
  readonly fences: ReadonlyMap<TenantId, number>;
  /** The revision of each tenant's alerts that viewers find when they ask. */
  readonly alerts: ReadonlyMap<TenantId, number>;
}

/** The fence versions out of a look at the revisions. */
export function fencesSeenIn(revisions: Revisions): ReadonlyMap<TenantId, number> {
  return new Map([...revisions].map(([tenantId, r]) => [tenantId, r.fencesVersion]));
}

/** The work of a look, apart from when it is done. One runs at a time. */
export class AudienceLook {
  readonly #deps: AudienceLookDeps;
  #seen: Omit<SeenState, 'alerts'>;
  readonly #alerts: AlertLook;
  /** Tenants whose sessions are to be checked. A tenant leaves it when its check succeeded. */
  readonly #doubtful = new Set<TenantId>();
  readonly #viewers = new Map<TenantId, Set<Viewer>>();
  #recheckedAtMs: number;

  constructor(deps: AudienceLookDeps, seen: SeenState) {
    this.#deps = deps;
    this.#seen = seen;
    this.#alerts = new AlertLook(deps, seen.alerts);
    this.#recheckedAtMs = deps.clock.monotonicMs();
  }

  /** The sessions of this tenant must be checked though its revision stands still. */
  doubt(tenantId: TenantId): void {
    this.#doubtful.add(tenantId);
  }

  join(viewer: Viewer): void {
    const { tenantId } = viewer.session;
    const viewers = this.#viewers.get(tenantId);
    if (viewers === undefined) this.#viewers.set(tenantId, new Set([viewer]));
    else viewers.add(viewer);
    // what changed between its identification and now is seen by one more look
    this.doubt(tenantId);
  }

  leave(viewer: Viewer): void {
    const viewers = this.#viewers.get(viewer.session.tenantId);
    viewers?.delete(viewer);
    if (viewers?.size === 0) this.#viewers.delete(viewer.session.tenantId);
  }

  /**
   * Brings everything up to date.
   * @throws the error of the store; what was not done is done by the next look.
   */
  async run(): Promise<void> {
    // by our own clock: a store that does not answer keeps no session open
    this.#closeExpired();
    const revisions = await this.#deps.source.revisions();
    this.#tellFences(revisions);
    await this.#loadRegistry(revisions);
    this.#doubtAllNowAndThen();
    const failures = await this.#checkDoubtful();
    // after the check: who just lost sight of a tracker hears nothing of it any more
    const untold = await this.#alerts.tellChanges(revisions, (tenantId) =>
      this.#viewers.has(tenantId),
    );
    const [first] = [...failures, ...untold];
    if (first !== undefined) throw first;
  }

  #tellFences(revisions: Revisions): void {
    const fences = fencesSeenIn(revisions);
    for (const [tenantId, version] of fences) {
      if (this.#seen.fences.get(tenantId) !== version) this.#deps.hub.tellFencesChanged(tenantId);
    }
    this.#seen = { ...this.#seen, fences };
  }

  async #loadRegistry(revisions: Revisions): Promise<void> {
    const { source, hub } = this.#deps;
    const changed = [...revisions]
      .filter(
        ([tenantId, { registryRevision }]) =>
          this.#seen.registry.get(tenantId) !== registryRevision,
      )
      .map(([tenantId]) => tenantId);
    if (changed.length === 0) return;
    const registry = await source.loadTrackers(this.#seen.registry);
    hub.changeRegistry(registry);
    this.#seen = { ...this.#seen, registry: registry.revisions };
    // from here on the revisions do not tell any more that these are to be checked
    for (const tenantId of changed) this.#doubtful.add(tenantId);
  }

  #doubtAllNowAndThen(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    if (nowMs - this.#recheckedAtMs < RECHECK_MS) return;
    this.#recheckedAtMs = nowMs;
    for (const tenantId of this.#viewers.keys()) this.#doubtful.add(tenantId);
  }

  /** Checks every doubtful tenant, those behind one that fails too; answers the errors. */
  async #checkDoubtful(): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    // a copy: one that fails is put back, and must not come again in this look
    const tenants = Array.from(this.#doubtful);
    for (const tenantId of tenants) {
      // taken out first: a doubt that comes while the check runs must outlast it
      this.#doubtful.delete(tenantId);
      try {
        await this.#checkTenant(tenantId);
      } catch (error) {
        this.#doubtful.add(tenantId);
        failures.push(error);
        if (failures.length >= MAX_FAILURES) break;
      }
    }
    return failures;
  }

  async #checkTenant(tenantId: TenantId): Promise<void> {
    const { store, clock, hub } = this.#deps;
    const viewers = [...(this.#viewers.get(tenantId) ?? [])];
    if (viewers.length === 0) return;
    const sessions = viewers.map(({ session }) => session);
    const audiences = await store.asTenant(tenantId, (tenant) =>
      loadAudiences(tenant, sessions, clock.nowMs()),
    );
    for (const viewer of viewers) {
      const audience = audiences.get(viewer.session.tokenHash.toString('hex'));
      if (audience === undefined) this.#end(viewer, 'SESSION_ENDED');
      else hub.setAudience(viewer.live, audienceOf(audience));
    }
    await this.#alerts.tellGained(
      tenantId,
      viewers.map(({ live }) => live),
    );
  }

  #closeExpired(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const viewers of this.#viewers.values()) {
      for (const viewer of viewers) {
        if (viewer.session.expiresAtMs <= nowMs) this.#end(viewer, 'SESSION_ENDED');
      }
    }
  }

  #end(viewer: Viewer, code: ErrorCode): void {
    this.leave(viewer);
    this.#deps.hub.close(viewer.live, code);
  }
}
