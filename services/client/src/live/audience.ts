/**
 * Keeps the hub's registry, the audiences of open sessions and what they know of alerts as the store has
 * them. A change is heard of by the broadcasts of `SUBJECTS`, and, since a broadcast may get lost, by a look at the revisions every
 * second: so a change of permissions reaches open sessions within two seconds. Sessions that ended are
 * closed; those of a tenant in which nothing changes are checked every half minute. What a look does
 * stands in `audience-look`; here stands when it is done.
 */
import type { Log } from '@followme/log';
import { parseTenantId, SUBJECTS } from '@followme/model';
import type { Logger, Metrics } from '@followme/platform';
import {
  AudienceLook,
  type AudienceLookDeps,
  type SeenState,
  type Viewer,
} from './audience-look.ts';

/** How often the revisions are looked at. */
const LOOK_MS = 1_000;

export interface AudienceDeps extends AudienceLookDeps {
  readonly log: Log;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface AudienceWatch {
  /** Keeps this session's audience right until `leave`. */
  join(viewer: Viewer): void;
  leave(viewer: Viewer): void;
  /** When the last look succeeded, by the monotonic clock. */
  readonly lookedAtMs: number;
  stop(): Promise<void>;
}

/** Runs one thing at a time: who asks while it runs gets one more run after it. */
interface Repeater {
  /** Runs now, or once more after the run under way: that one may have read before the change. */
  ask(): void;
  readonly isRunning: boolean;
  /** No new runs; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** @param work must not reject; false ends the repetition until somebody asks again. */
function createRepeater(work: () => Promise<boolean>): Repeater {
  let running: Promise<void> | null = null;
  let isAskedAgain = false;
  let isStopped = false;
  const repeat = async (): Promise<void> => {
    let goesOn = true;
    do {
      isAskedAgain = false;
      goesOn = await work();
    } while (goesOn && isAskedAgain && !isStopped);
    running = null;
  };
  return {
    ask() {
      if (isStopped) return;
      if (running !== null) {
        isAskedAgain = true;
        return;
      }
      running = repeat();
    },
    get isRunning() {
      return running !== null;
    },
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

/** Starts to watch. */
export function watchAudience(deps: AudienceDeps, seen: SeenState): AudienceWatch {
  const { clock, log, logger } = deps;
  const failures = deps.metrics
    .counter('followme_live_look_failures_total', 'Looks at the registry that failed')
    .of({});
  const look = new AudienceLook(deps, seen);
  let lookedAtMs = clock.monotonicMs();
  const looks = createRepeater(async () => {
    try {
      await look.run();
      lookedAtMs = clock.monotonicMs();
      return true;
    } catch (error) {
      failures.inc();
      logger.warn('live.lookFailed', { error });
      return false;
    }
  });
  const cancels = [
    clock.every(LOOK_MS, () => {
      if (!looks.isRunning) looks.ask();
    }),
    log.subscribe(SUBJECTS.registry, looks.ask),
    log.subscribe(SUBJECTS.fences, looks.ask),
    log.subscribe(SUBJECTS.alerts, looks.ask),
    log.subscribe(SUBJECTS.sessions, (payload) => {
      const tenantId = parseTenantId(Buffer.from(payload).toString('utf8'));
      if (!tenantId.ok) return;
      look.doubt(tenantId.value);
      looks.ask();
    }),
  ];
  return {
    join(viewer) {
      look.join(viewer);
      looks.ask();
    },
    leave: (viewer) => look.leave(viewer),
    get lookedAtMs() {
      return lookedAtMs;
    },
    async stop() {
      for (const cancel of cancels) cancel();
      await looks.stop();
    },
  };
}
