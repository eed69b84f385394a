import type { LaneCommit } from './port.ts';

/** A commit and its place in the list it came in. */
export interface PlacedCommit {
  readonly place: number;
  readonly commit: LaneCommit;
}

/**
 * Splits commits so that no lane is twice in one wave and a lane's commits keep their order: a second
 * commit of a lane builds on the first.
 */
export function wavesOf(commits: readonly LaneCommit[]): readonly (readonly PlacedCommit[])[] {
  const waves: PlacedCommit[][] = [];
  const seen = new Map<number, number>();
  commits.forEach((commit, place) => {
    const wave = seen.get(commit.lane) ?? 0;
    seen.set(commit.lane, wave + 1);
    (waves[wave] ??= []).push({ place, commit });
  });
  return waves;
}
