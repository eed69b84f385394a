/** What a tracker did over a stretch of time, and how two stretches that follow each other are one. */

export interface Stretch {
  /** Inside at its first fix. */
  readonly startsInside: boolean;
  /** Inside at its last fix. */
  readonly endsInside: boolean;
  /** Inside at any fix. */
  readonly wasInside: boolean;
  readonly entries: number;
  readonly exits: number;
}

/** Both as one: who ends one inside and starts the next outside has gone out between them. */
export function joinStretches(before: Stretch, after: Stretch): Stretch {
  const entered = !before.endsInside && after.startsInside ? 1 : 0;
  const left = before.endsInside && !after.startsInside ? 1 : 0;
  return {
    startsInside: before.startsInside,
    endsInside: after.endsInside,
    wasInside: before.wasInside || after.wasInside,
    entries: before.entries + entered + after.entries,
    exits: before.exits + left + after.exits,
  };
}
