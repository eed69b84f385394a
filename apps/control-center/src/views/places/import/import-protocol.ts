/** What the page and the worker that reads a file of places tell each other. */
import type { FenceProblemCode } from '@followme/geo';
import type { ReadFault, Sizes } from './parse-places.ts';

/** A place that cannot be one. */
export interface RefusedPlace {
  /** Its number in the file, from 0. */
  readonly index: number;
  readonly name: string;
  readonly reason: FenceProblemCode;
}

/** Refused places that are named; of the others only the number is told. */
export const NAMED_REFUSALS = 50;

/** What was found in a file. */
export interface FileFound {
  /** Places that can be taken. */
  readonly good: number;
  readonly refused: number;
  /** The first of them. */
  readonly named: readonly RefusedPlace[];
  /** Points and lines without a size of their own. */
  readonly points: number;
  readonly lines: number;
}

/** To the worker. */
export type ImportCommand =
  | { readonly type: 'read'; readonly file: File }
  /** Sends what was read to an import there is. */
  | { readonly type: 'send'; readonly importId: number; readonly sizes: Sizes };

/** From the worker. */
export type ImportMessage =
  | { readonly type: 'reading'; readonly share: number }
  | { readonly type: 'found'; readonly found: FileFound }
  | { readonly type: 'notRead'; readonly fault: ReadFault }
  | { readonly type: 'sending'; readonly done: number; readonly all: number }
  /** All pieces are there; what the server refused besides. */
  | { readonly type: 'sent'; readonly refused: readonly RefusedPlace[] }
  | { readonly type: 'notSent' };
