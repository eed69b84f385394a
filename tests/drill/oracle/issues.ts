/** What an oracle holds against a system. */

/** Which promise was broken. */
export type IssueKind = 'lost' | 'doubled' | 'outOfOrder';
/** Where it was seen. */
export type IssuePlace = 'positions' | 'events' | 'stream' | 'cards' | 'messages' | 'viewers';

export interface Issue {
  readonly kind: IssueKind;
  readonly place: IssuePlace;
  /** What it is about, unique within kind and place. */
  readonly about: string;
}

/** Keeps what was told, so that each issue counts for the fault after which it is first seen. */
export class IssueBook {
  readonly #told = new Set<string>();

  /** Those that are new. */
  fresh(issues: readonly Issue[]): Issue[] {
    return issues.filter(({ kind, place, about }) => {
      const key = `${kind}/${place}/${about}`;
      const isNew = !this.#told.has(key);
      this.#told.add(key);
      return isNew;
    });
  }
}

/** How many issues of a kind there are. */
export const countOf = (issues: readonly Issue[], kind: IssueKind): number =>
  issues.filter((issue) => issue.kind === kind).length;
