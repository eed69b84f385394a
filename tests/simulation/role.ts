import type { Log } from '@followme/log';
import type { Lane } from '@followme/model';
import type { Logger } from '@followme/platform';
import type { Engine } from './engine.ts';
import type { SimulatedProcess } from './process.ts';

/** A service of one life of a process. */
export interface Role {
  /** @throws when an engine is away: the process then ends and is started again. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What every role gets. */
export interface RoleContext {
  readonly process: SimulatedProcess;
  readonly log: Log;
  readonly storeEngine: Engine;
  readonly logger: Logger;
  readonly lanes: readonly Lane[];
}
