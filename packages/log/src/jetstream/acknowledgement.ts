/** What a server answers to a record that was published. */
import type { Msg } from '@nats-io/transport-node';

/**
 * - `stored`: it is in the stream at `sequence`; `duplicate` when its id was there before.
 * - `conflict`: the subject's last sequence is not the one that was expected.
 * - `later`: nobody can take it now; the same may be sent again. `isIdHeld`: the server knows the id and has no
 *   record of it, since the first try is still on its way into the stream, or was lost on it.
 * - `refused`: it will not be taken; `reason` says why in the server's words.
 */
export type Acknowledgement =
  | { readonly type: 'stored'; readonly sequence: number; readonly duplicate: boolean }
  | { readonly type: 'conflict' }
  | { readonly type: 'later'; readonly reason: string; readonly isIdHeld?: true }
  | { readonly type: 'refused'; readonly reason: string };

/** `wrong last sequence`. */
const WRONG_LAST_SEQUENCE = 10_071;
/**
 * The stream has no leader, the system is starting or is asked too much at once; or what was sent before, under the
 * same id (10158) or by others to the same subject (10163, 10164), is still on its way into a cluster's stream.
 */
const PASSES = [10_008, 10_009, 10_014, 10_163, 10_164, 10_167];
const ID_IN_PROCESS = 10_158;
/** With this and no code of its own an error is that of a leader which is one no longer ("raft: not leader"). */
const PASSING_STATUS = 503;

interface RawAcknowledgement {
  readonly seq?: unknown;
  readonly duplicate?: unknown;
  readonly error?: {
    readonly code?: unknown;
    readonly err_code?: unknown;
    readonly description?: unknown;
  };
}

/** Reads an answer; one that makes no sense counts as `later`, since the record is known by its id. */
export function parseAcknowledgement(message: Pick<Msg, 'data' | 'headers'>): Acknowledgement {
  if (message.data.length === 0) {
    return { type: 'later', reason: message.headers?.status || 'nobody holds the stream' };
  }
  let raw: RawAcknowledgement;
  try {
    // fields are checked below, one by one
    raw = JSON.parse(Buffer.from(message.data).toString()) as RawAcknowledgement;
  } catch {
    return { type: 'later', reason: 'an answer that is not JSON' };
  }
  const { error } = raw;
  if (error !== undefined && error !== null) {
    const reason = String(error.description);
    if (error.err_code === WRONG_LAST_SEQUENCE) return { type: 'conflict' };
    if (error.err_code === ID_IN_PROCESS) return { type: 'later', reason, isIdHeld: true };
    const isUncoded = error.err_code === undefined && error.code === PASSING_STATUS;
    if (isUncoded || PASSES.includes(Number(error.err_code))) return { type: 'later', reason };
    return { type: 'refused', reason };
  }
  if (typeof raw.seq !== 'number' || raw.seq < 1) {
    return { type: 'later', reason: 'an answer without a sequence', isIdHeld: true };
  }
  return { type: 'stored', sequence: raw.seq, duplicate: raw.duplicate === true };
}
