/**
 * Keeps the hub's registry and the audiences of open sessions as the store has them. A change is heard of
 * by the broadcast `registry`, and, since a broadcast may get lost, by a look at the revisions every
 * second: so a change of permissions reaches open sessions within two seconds. Sessions that ended are
 * closed; those of a tenant in which nothing changes are checked every `RECHECK_MS`.
 */
import type { ErrorCode } from '@followme/contracts';
import type { Log } from '@followme/log';
import { parseTenantId, SUBJECTS, type GroupId, type TenantId } from '@followme/model';
import type { Clock, Logger, Metrics } from '@followme/platform';
import {
  loadAudiences,
  type SeenRevisions,
  type Session,
  type SessionAudience,
  type Store,
} from '@followme/store';
import type { LiveSource } from '../ports.ts';
import type { LiveHub } from './hub.ts';
import type { Audience, LiveSession } from './session.ts';

/** How often the revisions are looked at. */
const LOOK_MS = 1_000;
/** How often a session is checked though nothing changed. */
const RECHECK_MS = 30_000;

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
interface Viewer {
  readonly session: Session;
  readonly live: LiveSession;
}

export interface AudienceDeps {
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly hub: LiveHub;
  readonly source: LiveSource;
}

export interface AudienceWatch {
  /** Keeps this session's audience right until `leave`. */
  join(viewer: Viewer): void;
  leave(viewer: Viewer): void;
  /** When the last look succeeded, by the monotonic clock. */
  readonly lookedAtMs: number;
  stop(): Promise<void>;
}

/** The work of one look, apart from when it is done. */
class AudienceLook {
  readonly #deps: AudienceDeps;
  #seen: SeenRevisions;
  /** Tenants whose sessions must be looked at again though their revision stands still. */
  readonly #doubtful = new Set<TenantId>();
  readonly viewers = new Map<TenantId, Set<Viewer>>();
  #checkedAtMs: number;

  constructor(deps: AudienceDeps, seen: SeenRevisions) {
    this.#deps = deps;
    this.#seen = seen;
    this.#checkedAtMs = deps.clock.monotonicMs();
  }

  doubt(tenantId: TenantId): void {
    this.#doubtful.add(tenantId);
  }

  /** Brings everything up to date. */
  async run(): Promise<void> {
    const { source, clock, hub } = this.#deps;
    const revisions = await source.revisions();
    const changed = [...revisions]
      .filter(([tenantId, { registryRevision }]) => this.#seen.get(tenantId) !== registryRevision)
      .map(([tenantId]) => tenantId);
    if (changed.length > 0) {
      const registry = await source.loadTrackers(this.#seen);
      hub.changeRegistry(registry);
      this.#seen = registry.revisions;
    }
    const tenants = new Set([...changed, ...this.#doubtful]);
    this.#doubtful.clear();
    if (clock.monotonicMs() - this.#checkedAtMs >= RECHECK_MS) {
      this.#checkedAtMs = clock.monotonicMs();
      for (const tenantId of this.viewers.keys()) tenants.add(tenantId);
    }
    for (const tenantId of tenants) {
      try {
        await this.#checkTenant(tenantId);
      } catch (error) {
        // asked for again at the next look
        this.#doubtful.add(tenantId);
        throw error;
      }
    }
    this.#closeExpired();
  }

  async #checkTenant(tenantId: TenantId): Promise<void> {
    const { store, clock, hub } = this.#deps;
    const viewers = [...(this.viewers.get(tenantId) ?? [])];
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
  }

  #closeExpired(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const viewers of this.viewers.values()) {
      for (const viewer of viewers) {
        if (viewer.session.expiresAtMs <= nowMs) this.#end(viewer, 'SESSION_ENDED');
      }
    }
  }

  #end(viewer: Viewer, code: ErrorCode): void {
    this.viewers.get(viewer.session.tenantId)?.delete(viewer);
    this.#deps.hub.close(viewer.live, code);
  }
}

/**
 * Starts to watch.
 * @param seen the revisions the hub's registry was loaded at
 */
export function watchAudience(deps: AudienceDeps, seen: SeenRevisions): AudienceWatch {
  const { clock, log, logger } = deps;
  const failures = deps.metrics
    .counter('followme_live_look_failures_total', 'Looks at the registry that failed')
    .of({});
  const look = new AudienceLook(deps, seen);
  let running: Promise<void> | null = null;
  let isAskedAgain = false;
  const stopping = new AbortController();
  let lookedAtMs = clock.monotonicMs();

  const runOnce = async (): Promise<void> => {
    do {
      isAskedAgain = false;
      try {
        await look.run();
        lookedAtMs = clock.monotonicMs();
      } catch (error) {
        failures.inc();
        logger.warn('live.lookFailed', { error });
        return;
      }
    } while (isAskedAgain && !stopping.signal.aborted);
  };
  /** Looks now, or once more after the look under way: that one may have read before the change. */
  const ask = (): void => {
    if (stopping.signal.aborted) return;
    if (running !== null) {
      isAskedAgain = true;
      return;
    }
    running = runOnce().finally(() => {
      running = null;
    });
  };

  const cancels = [
    clock.every(LOOK_MS, () => {
      if (running === null) ask();
    }),
    log.subscribe(SUBJECTS.registry, ask),
    log.subscribe(SUBJECTS.sessions, (payload) => {
      const tenantId = parseTenantId(Buffer.from(payload).toString('utf8'));
      if (!tenantId.ok) return;
      look.doubt(tenantId.value);
      ask();
    }),
  ];
  return {
    join(viewer) {
      const { tenantId } = viewer.session;
      const viewers = look.viewers.get(tenantId);
      if (viewers === undefined) look.viewers.set(tenantId, new Set([viewer]));
      else viewers.add(viewer);
      // what changed between its identification and now is seen by one more look
      look.doubt(tenantId);
      ask();
    },
    leave(viewer) {
      const viewers = look.viewers.get(viewer.session.tenantId);
      viewers?.delete(viewer);
      if (viewers?.size === 0) look.viewers.delete(viewer.session.tenantId);
    },
    get lookedAtMs() {
      return lookedAtMs;
    },
    async stop() {
      stopping.abort();
      for (const cancel of cancels) cancel();
      await running;
    },
  };
}
