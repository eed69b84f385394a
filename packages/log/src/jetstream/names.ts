/** Names on the server: everything of a log begins with the log's name. */
import type { Lane } from '@followme/model';
import type { StreamName } from '../port.ts';

/** Names of a log called `name`. */
export interface LogNames {
  /** The stream of a stream of the log. */
  stream(stream: StreamName): string;
  /** Subject of one lane's records. */
  laneSubject(stream: StreamName, lane: Lane): string;
  /** All records of a stream. */
  laneSubjects(stream: StreamName): string;
  /** The stream of the key space. */
  readonly keysStream: string;
  readonly keySubjects: string;
  keySubject(key: string): string;
  /** A record rewritten again and again, to know that the log takes records. */
  readonly pulseSubject: string;
  /** Subject of a broadcast. */
  hintSubject(subject: string): string;
}

/** Bytes of any text as one part of a subject. */
function asToken(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** The names of the log called `name` (letters, digits, `-`, `_`). */
export function logNames(name: string): LogNames {
  return {
    stream: (stream) => `${name}-${stream}`,
    laneSubject: (stream, lane) => `${name}.${stream}.${lane}`,
    laneSubjects: (stream) => `${name}.${stream}.*`,
    keysStream: `${name}-keys`,
    keySubjects: `${name}.keys.*`,
    keySubject: (key) => `${name}.keys.${asToken(key)}`,
    pulseSubject: `${name}.pulse`,
    hintSubject: (subject) => `${name}.hints.${asToken(subject)}`,
  };
}
