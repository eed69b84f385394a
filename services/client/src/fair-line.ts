/**
 * A line in which customers take turns, and within a customer its people: who asks a thousand times stands
 * behind himself, not before others. When the line is full the longest part of it gives way, so that nobody
 * can fill it for others; who joins the longest part is refused himself.
 */

/** On whose account something waits. */
export interface Share {
  /** The customer; a name, not necessarily of one that exists. */
  readonly tenant: string;
  /** Who of it. */
  readonly person: string;
}

/** What became of an item that wants to wait. */
export type Joined<T> =
  | { readonly kind: 'waits' }
  /** It waits, and this one, of a longer part of the line, does not any more. */
  | { readonly kind: 'displaced'; readonly item: T }
  /** Its own part of the line is the longest. */
  | { readonly kind: 'refused' };

interface Part<T> {
  waiting: number;
  /** By person, in the order of their turns; nobody in it has an empty list. */
  readonly people: Map<string, T[]>;
}

export class FairLine<T> {
  readonly #most: number;
  /** By customer, in the order of their turns; none in it is empty. */
  readonly #parts = new Map<string, Part<T>>();
  #size = 0;

  /** @param most items that may wait */
  constructor(most: number) {
    this.#most = most;
  }

  /** Items that wait. */
  get size(): number {
    return this.#size;
  }

  /** Puts an item at the end of its person's part. */
  join({ tenant, person }: Share, item: T): Joined<T> {
    const displaced = this.#size < this.#most ? null : this.#giveWay({ tenant, person });
    if (displaced === 'nobody') return { kind: 'refused' };
    const part: Part<T> = this.#parts.get(tenant) ?? { waiting: 0, people: new Map() };
    this.#parts.set(tenant, part);
    const items = part.people.get(person);
    if (items === undefined) part.people.set(person, [item]);
    else items.push(item);
    part.waiting += 1;
    this.#size += 1;
    return displaced === null ? { kind: 'waits' } : { kind: 'displaced', item: displaced.item };
  }

  /** The item whose turn it is, of those customers that `may`; null when there is none. */
  next(may: (tenant: string) => boolean): T | null {
    for (const [tenant, part] of this.#parts) {
      if (!may(tenant)) continue;
      const [turn] = part.people;
      if (turn === undefined) continue;
      const [person, items] = turn;
      const item = items.shift();
      this.#taken(tenant, part, person);
      // whoever had a turn stands behind the others
      if (this.#parts.delete(tenant) && part.waiting > 0) this.#parts.set(tenant, part);
      if (part.people.delete(person) && items.length > 0) part.people.set(person, items);
      return item ?? null;
    }
    return null;
  }

  /** Takes an item out before its turn; nothing happens when it is not in the line. */
  leave({ tenant, person }: Share, item: T): void {
    const part = this.#parts.get(tenant);
    const items = part?.people.get(person);
    const at = items?.indexOf(item) ?? -1;
    if (part === undefined || items === undefined || at < 0) return;
    items.splice(at, 1);
    this.#taken(tenant, part, person);
  }

  /** One item less in a part. */
  #taken(tenant: string, part: Part<T>, person: string): void {
    part.waiting -= 1;
    this.#size -= 1;
    if (part.people.get(person)?.length === 0) part.people.delete(person);
    if (part.waiting === 0) this.#parts.delete(tenant);
  }

  /** Takes the newest item out of the longest part, unless that is the newcomer's own. */
  #giveWay(newcomer: Share): { readonly item: T } | 'nobody' {
    const own = this.#parts.get(newcomer.tenant);
    const [tenant, part] = longestOf(this.#parts, ({ waiting }) => waiting);
    const isOther = tenant !== newcomer.tenant && part.waiting > (own?.waiting ?? 0) + 1;
    const payer = isOther ? { tenant, part } : { tenant: newcomer.tenant, part: own };
    if (payer.part === undefined) return 'nobody';
    const [person, items] = longestOf(payer.part.people, ({ length }) => length);
    const ownItems = isOther ? 0 : (own?.people.get(newcomer.person)?.length ?? 0) + 1;
    if (items.length <= ownItems) return 'nobody';
    const item = items.pop();
    if (item === undefined) return 'nobody';
    this.#taken(payer.tenant, payer.part, person);
    return { item };
  }
}

/** The entry of a map that is not empty with the greatest length. */
function longestOf<K, V>(map: ReadonlyMap<K, V>, lengthOf: (value: V) => number): [K, V] {
  let longest: [K, V] | null = null;
  for (const entry of map) {
    if (longest === null || lengthOf(entry[1]) > lengthOf(longest[1])) longest = entry;
  }
  if (longest === null) throw new Error('A line that is full has a longest part');
  return longest;
}
