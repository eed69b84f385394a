/** Reads a file of places, looks at every one, and sends them: off the page's own thread, which stays free. */
import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import { parseGeoJsonFence } from '@followme/geo';
import { ApiError } from '../../../api/client.ts';
import { sendFenceImportPiece } from '../../../api/places.ts';
import { toReason } from '../../../drawing/check.ts';
import {
  type ImportCommand,
  type ImportMessage,
  NAMED_REFUSALS,
  type RefusedPlace,
} from './import-protocol.ts';
import { countUnsized, type FilePlace, parsePlaces, sized, type Sizes } from './parse-places.ts';
import { type Piece, piecesOf } from './pieces.ts';

/** What a worker of its own has; the types of the page do not know it. */
interface WorkerScope {
  postMessage(message: ImportMessage, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ImportCommand>) => void) | null;
}

// this file runs in a worker only
const scope = self as unknown as WorkerScope;
const post = (message: ImportMessage): void => scope.postMessage(message, []);

/** Any sizes that are allowed: what is looked at here is the shape. */
const SOME_SIZES: Sizes = { radiusM: 100, widthM: 10 };
/** Places looked at between two words of progress. */
const TELL_EVERY = 2_000;
const TRIES = 3;

let places: readonly FilePlace[] = [];

/** Workers have no parser of their own. What is no XML is null; external entities are never fetched. */
function parseXml(text: string): Document | null {
  try {
    const parser = new DOMParser({ onError: onErrorStopParsing });
    // the converter takes documents of either kind
    return parser.parseFromString(text, 'text/xml') as unknown as Document;
  } catch {
    return null;
  }
}

async function read(file: File): Promise<void> {
  post({ type: 'reading', share: 0 });
  const result = parsePlaces(await file.text(), parseXml);
  if (result.kind === 'failed') return post({ type: 'notRead', fault: result.fault });
  ({ places } = result);
  const named: RefusedPlace[] = [];
  let refused = 0;
  for (const [index, { name, geometry }] of places.entries()) {
    if (index % TELL_EVERY === 0) post({ type: 'reading', share: index / places.length });
    const { type, coordinates, ...properties } = sized(geometry, SOME_SIZES);
    const shape = parseGeoJsonFence({
      type: 'Feature',
      geometry: { type, coordinates },
      properties,
    });
    if (shape.ok) continue;
    refused += 1;
    if (named.length < NAMED_REFUSALS) named.push({ index, name, reason: shape.error.code });
  }
  const found = { good: places.length - refused, refused, named, ...countUnsized(places) };
  post({ type: 'found', found });
}

/** Sends one piece; what is too large for a request is refused as a shape with too many corners. */
async function sendPiece(importId: number, piece: Piece): Promise<RefusedPlace[]> {
  const nameAt = (index: number): string => places[index]?.name ?? '';
  for (let tries = 1; ; tries += 1) {
    try {
      const body = { from: piece.from, places: piece.places };
      const { refused } = await sendFenceImportPiece(importId, body);
      return refused.map(({ index, reason }) => ({
        index,
        name: nameAt(index),
        reason: toReason(reason),
      }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 413 && piece.places.length === 1) {
        const index = piece.from;
        return [{ index, name: nameAt(index), reason: 'TOO_MANY_VERTICES' }];
      }
      // a piece that is sent again replaces itself
      const passes = error instanceof ApiError && (error.status === 0 || error.status >= 500);
      if (!passes || tries >= TRIES) throw error;
    }
  }
}

async function send(importId: number, sizes: Sizes): Promise<void> {
  const refused: RefusedPlace[] = [];
  const all = places.length;
  for (const piece of piecesOf(places, sizes)) {
    refused.push(...(await sendPiece(importId, piece)));
    post({ type: 'sending', done: piece.from + piece.places.length, all });
  }
  post({ type: 'sent', refused });
}

scope.onmessage = ({ data }) => {
  switch (data.type) {
    case 'read':
      read(data.file).catch(() => post({ type: 'notRead', fault: 'broken' }));
      break;
    case 'send':
      send(data.importId, data.sizes).catch(() => post({ type: 'notSent' }));
      break;
  }
};
