/**
 * Who sees what: the trackers of every tenant by id and by group, and the sessions that look at them. A
 * session that sees its whole tenant is kept with the tenant, one that sees groups with each tracker in
 * them, so that finding the viewers of a tracker costs nothing more than walking over them.
 *
 * Every change goes through the methods here, which keep both directions equal.
 */
import type { GroupId, TenantId, TrackerId } from '@followme/model';
import type { Audience, LiveSession } from './session.ts';
import { TrackerState } from './tracker-state.ts';

/** A tracker as the registry knows it. */
export interface RegisteredTracker {
  readonly trackerId: TrackerId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly groupIds: readonly GroupId[];
}

interface Tenant {
  readonly trackers: Map<TrackerId, TrackerState>;
  readonly groups: Map<GroupId, Set<TrackerState>>;
  readonly sessions: Set<LiveSession>;
  readonly allViewers: Set<LiveSession>;
}

const sameIds = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index]);

export class Roster {
  readonly #tenants = new Map<TenantId, Tenant>();
  #trackers = 0;
  #sessions = 0;

  /** Trackers in memory. */
  get trackers(): number {
    return this.#trackers;
  }
  /** Sessions that look. */
  get sessions(): number {
    return this.#sessions;
  }

  /** The state of a tracker; a first report of one makes it. */
  stateOf(tenantId: TenantId, trackerId: TrackerId): TrackerState {
    const tenant = this.#tenant(tenantId);
    let state = tenant.trackers.get(trackerId);
    if (state === undefined) {
      state = new TrackerState(tenantId, trackerId);
      tenant.trackers.set(trackerId, state);
      this.#trackers += 1;
    }
    return state;
  }

  /** The state of a tracker, if there is one. */
  find(tenantId: TenantId, trackerId: TrackerId): TrackerState | undefined {
    return this.#tenants.get(tenantId)?.trackers.get(trackerId);
  }

  /** Whether anybody of the tenant looks at anything. */
  hasSessions(tenantId: TenantId): boolean {
    return (this.#tenants.get(tenantId)?.sessions.size ?? 0) > 0;
  }

  /** Every session, or those of one tenant. */
  *sessionsOf(tenantId?: TenantId): Iterable<LiveSession> {
    if (tenantId !== undefined) yield* this.#tenants.get(tenantId)?.sessions ?? [];
    else for (const tenant of this.#tenants.values()) yield* tenant.sessions;
  }

  /** Calls `visit` for every session that sees the tracker. */
  forEachViewer(state: TrackerState, visit: (session: LiveSession) => void): void {
    const tenant = this.#tenants.get(state.tenantId);
    if (tenant === undefined || !state.isRegistered) return;
    for (const session of tenant.allViewers) visit(session);
    if (state.groupViewers !== null) for (const session of state.groupViewers) visit(session);
  }

  /**
   * Takes over what the registry says of a tracker. Answers its state and whether viewers who had it
   * already would see a difference. Sessions that see groups must look again afterwards.
   */
  register(tracker: RegisteredTracker): {
    readonly state: TrackerState;
    readonly changed: boolean;
  } {
    const tenant = this.#tenant(tracker.tenantId);
    const state = this.stateOf(tracker.tenantId, tracker.trackerId);
    const isNew = !state.isRegistered;
    const changed =
      !isNew && (state.name !== tracker.name || !sameIds(state.groupIds, tracker.groupIds));
    this.#leaveGroups(tenant, state);
    state.isRegistered = true;
    state.name = tracker.name;
    state.groupIds = tracker.groupIds;
    for (const groupId of state.groupIds) {
      const members = tenant.groups.get(groupId);
      if (members === undefined) tenant.groups.set(groupId, new Set([state]));
      else members.add(state);
    }
    if (isNew) for (const session of tenant.allViewers) session.owe(state);
    return { state, changed };
  }

  /**
   * The registry let go of a tracker: nobody sees it any more. Answers whose it was, null when it was not
   * known. Sessions that see groups must look again afterwards.
   */
  retire(trackerId: TrackerId): TenantId | null {
    // ids are unique in the installation; the registry names the retired without their tenant
    for (const [tenantId, tenant] of this.#tenants) {
      const state = tenant.trackers.get(trackerId);
      if (state === undefined) continue;
      this.#leaveGroups(tenant, state);
      if (state.isRegistered) for (const session of tenant.allViewers) session.lose(state);
      state.isRegistered = false;
      tenant.trackers.delete(trackerId);
      this.#trackers -= 1;
      return tenantId;
    }
    return null;
  }

  /** Lets a session look. Answers the trackers its cache begins with. */
  join(session: LiveSession, audience: Audience): Iterator<TrackerState> {
    const tenant = this.#tenant(session.tenantId);
    tenant.sessions.add(session);
    this.#sessions += 1;
    this.#point(session, tenant, audience);
    return session.visible === 'all' ? tenant.trackers.values() : session.visible.values();
  }

  /**
   * Lets a session look again, as its audience or the groups changed: what appears is owed to it, what
   * disappears it is told to forget.
   */
  look(session: LiveSession, audience: Audience): void {
    const tenant = this.#tenant(session.tenantId);
    const before = session.visible;
    if (!tenant.sessions.has(session) || (audience === 'all' && before === 'all')) return;
    this.#point(session, tenant, audience);
    for (const state of before === 'all' ? tenant.trackers.values() : before) {
      if (!session.sees(state) && (before !== 'all' || state.isRegistered)) session.lose(state);
    }
    if (before === 'all') return;
    for (const state of session.visible === 'all' ? tenant.trackers.values() : session.visible) {
      if (session.sees(state) && !before.has(state)) session.gain(state);
    }
  }

  /** A session does not look any more; false when it did not. */
  leave(session: LiveSession): boolean {
    const tenant = this.#tenant(session.tenantId);
    if (!tenant.sessions.delete(session)) return false;
    this.#sessions -= 1;
    this.#unpoint(session, tenant);
    return true;
  }

  #tenant(tenantId: TenantId): Tenant {
    let tenant = this.#tenants.get(tenantId);
    if (tenant === undefined) {
      tenant = {
        trackers: new Map(),
        groups: new Map(),
        sessions: new Set(),
        allViewers: new Set(),
      };
      this.#tenants.set(tenantId, tenant);
    }
    return tenant;
  }

  #leaveGroups(tenant: Tenant, state: TrackerState): void {
    for (const groupId of state.groupIds) {
      const members = tenant.groups.get(groupId);
      members?.delete(state);
      if (members?.size === 0) tenant.groups.delete(groupId);
    }
  }

  #unpoint(session: LiveSession, tenant: Tenant): void {
    tenant.allViewers.delete(session);
    if (session.visible === 'all') return;
    for (const state of session.visible) state.groupViewers?.delete(session);
  }

  #point(session: LiveSession, tenant: Tenant, audience: Audience): void {
    this.#unpoint(session, tenant);
    if (audience === 'all') {
      tenant.allViewers.add(session);
      session.setVisible(audience, 'all');
      return;
    }
    const visible = new Set<TrackerState>();
    for (const groupId of audience) {
      for (const state of tenant.groups.get(groupId) ?? []) visible.add(state);
    }
    for (const state of visible) (state.groupViewers ??= new Set()).add(session);
    session.setVisible(audience, visible);
  }
}
