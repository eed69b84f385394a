/** Cuts many places into pieces the server takes: bounded in number and in size. */
import { MAX_IMPORT_PIECE } from '@followme/contracts';
import { type FilePlace, sized, type Sizes } from './parse-places.ts';

/** A piece is some megabytes at most; a single place may be larger and goes alone. */
const PIECE_CHARS = 1_500_000;

/** A stretch of places as it is sent. */
export interface Piece {
  readonly from: number;
  readonly places: { readonly name: string; readonly geometry: Record<string, unknown> }[];
}

/** The pieces of a file, one after the other. */
export function* piecesOf(places: readonly FilePlace[], sizes: Sizes): Generator<Piece> {
  let from = 0;
  let piece: Piece['places'] = [];
  let chars = 0;
  for (const [index, { name, geometry }] of places.entries()) {
    const place = { name, geometry: { ...sized(geometry, sizes) } };
    const ownChars = JSON.stringify(place).length;
    const isFull = piece.length === MAX_IMPORT_PIECE || chars + ownChars > PIECE_CHARS;
    if (isFull && piece.length > 0) {
      yield { from, places: piece };
      from = index;
      piece = [];
      chars = 0;
    }
    piece.push(place);
    chars += ownChars;
  }
  if (piece.length > 0) yield { from, places: piece };
}
