/** How far each lane was trimmed, in the key space: written before anything is removed. */
import type { Lane } from '@followme/model';
import type { StreamName } from '../port.ts';
import type { JetStreamKeys } from './keys.ts';

/** The newest sequence that was trimmed from each lane, shared by all processes. */
export class TrimMarks {
  readonly #keys: JetStreamKeys;

  constructor(keys: JetStreamKeys) {
    this.#keys = keys;
  }

  /** The newest sequence that was trimmed from a lane, 0 when there was none. */
  async read(stream: StreamName, lane: Lane): Promise<number> {
    const entry = await this.#keys.get(markKey(stream, lane));
    return entry === null ? 0 : parseMark(entry.value);
  }

  /** Moves a mark on; answers where it was, null when it is there or further already. */
  async advance(stream: StreamName, lane: Lane, upTo: number): Promise<number | null> {
    const key = markKey(stream, lane);
    for (;;) {
      const entry = await this.#keys.get(key);
      const present = entry === null ? 0 : parseMark(entry.value);
      if (present >= upTo) return null;
      const set = await this.#keys.set(key, Buffer.from(String(upTo)), entry?.revision ?? null);
      if (set !== null) return present;
    }
  }
}

const markKey = (stream: StreamName, lane: Lane): string => `trimmed/${stream}/${lane}`;
const parseMark = (value: Uint8Array): number => Number(Buffer.from(value).toString());
