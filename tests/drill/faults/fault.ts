/** What a fault of the drill is. */
import type { Random } from '@followme/platform';
import type { WorldKind, World } from '../world/world.ts';

/** What a fault may use while it happens; load runs from before it until after it. */
export interface FaultContext {
  readonly world: World;
  readonly random: Random;
  readonly say: (line: string) => void;
  /** Waits, ms. */
  readonly pass: (ms: number) => Promise<void>;
  /** Trackers made for this fault, so that the judge knows them: ids by index. */
  readonly know: (trackers: ReadonlyMap<number, number>) => void;
}

/** A fault that was made, in which something went wrong besides what the judge sees; with what was noted of it. */
export class FaultFailure extends Error {
  override readonly name = 'FaultFailure';
  readonly notes: FaultNotes;
  constructor(message: string, notes: FaultNotes) {
    super(message);
    this.notes = notes;
  }
}

/** Numbers and words about one run of a fault, for the table. */
export type FaultNotes = Readonly<Record<string, number | string>>;

export interface Fault {
  /** What it is called in results and for `--only`. */
  readonly name: string;
  readonly world: WorldKind;
  /** Whether `--short` has it. */
  readonly isShort: boolean;
  /** The oldest nats-server that survives it by itself; whatever we do, an older one may lose what it acknowledged. */
  readonly leastNats?: string;
  /** What is done, in a sentence. */
  readonly about: string;
  /**
   * Does it and undoes it: processes run again and links are whole when it resolves.
   * @throws Error when it could not be made, `FaultFailure` when more went wrong than the judge can see.
   */
  readonly make: (context: FaultContext) => Promise<FaultNotes>;
}

/** One of them, by chance of the seed. */
export function pick<T>(random: Random, things: readonly T[]): T {
  const thing = things[random.integer(0, things.length - 1)];
  if (thing === undefined) throw new Error('There is nothing to pick from');
  return thing;
}
