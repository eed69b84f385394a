/**
 * Frames one by one into objects, for the command line and for whoever looks at a device's traffic. It uses
 * the decoder the service uses, and keeps that decoder from frame to frame as on one connection.
 */
import {
  ALARMS,
  FLAG,
  ROW,
  ROW_BYTES,
  UNKNOWN_U8,
  type AttributeValue,
  type RowDraft,
} from '@followme/model';
import type { DecodeSink, DropReason, Protocol } from './protocol.ts';

/** One fix in the words of the command line. Unknown values are null. */
export interface FramePosition {
  /** The device's identity: what the frame says, or else the reader's own. */
  readonly id: string | null;
  /** ISO 8601, UTC. */
  readonly fixTime: string;
  readonly lat: number;
  readonly lon: number;
  readonly valid: boolean;
  readonly speedMps: number | null;
  readonly headingDeg: number | null;
  readonly altitudeM: number | null;
  /** What the frame says beyond that; names carry units. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** Why a frame gave nothing. */
export type FrameErrorCode =
  | 'GARBAGE'
  | 'FRAME_TOO_LONG'
  | 'BAD_FRAMING'
  | 'MALFORMED'
  | 'OUT_OF_RANGE'
  | 'UNKNOWN_COMMAND'
  | 'NO_IDENTITY'
  | 'UNKNOWN_DEVICE';

/** What one frame gave. `reply` is hexadecimal: the bytes the device waits for, or null. */
export type FrameReading =
  | { readonly positions: readonly FramePosition[]; readonly reply: string | null }
  | { readonly error: FrameErrorCode };

/** Reads the frames of one connection in their order. */
export interface FrameReader {
  /** One whole frame; text families also without the line end a framer would have left on. Never throws. */
  read(frame: Buffer): FrameReading;
}

const ERROR_OF_REASON: Readonly<Record<DropReason, FrameErrorCode>> = {
  garbage: 'GARBAGE',
  frameTooLong: 'FRAME_TOO_LONG',
  badFraming: 'BAD_FRAMING',
  malformed: 'MALFORMED',
  outOfRange: 'OUT_OF_RANGE',
  unknownCommand: 'UNKNOWN_COMMAND',
  noIdentity: 'NO_IDENTITY',
  unknownDevice: 'UNKNOWN_DEVICE',
};

/** A row keeps 32-bit floats: seven digits are true, the rest is noise of the conversion. */
function floatOf(row: Buffer, offset: number): number | null {
  const value = row.readFloatLE(offset);
  return Number.isNaN(value) ? null : Number(value.toPrecision(7));
}

function attributesOf(row: Buffer, length: number): Record<string, AttributeValue> {
  // the decoder wrote this text; it is an object by construction
  const sent =
    length > ROW_BYTES
      ? (JSON.parse(row.toString('utf8', ROW_BYTES, length)) as Record<string, AttributeValue>)
      : {};
  const flags = row[ROW.flags] ?? 0;
  const alarm = ALARMS[row[ROW.alarm] ?? 0] ?? 'none';
  const accuracyM = floatOf(row, ROW.accuracyM);
  const eventCode = row.readUInt16LE(ROW.eventCode);
  const batteryPct = row[ROW.batteryPct] ?? UNKNOWN_U8;
  const satellites = row[ROW.satellitesInUse] ?? UNKNOWN_U8;
  return {
    ...(alarm === 'none' ? {} : { alarm }),
    ...(eventCode === 0 ? {} : { eventCode }),
    ...(batteryPct === UNKNOWN_U8 ? {} : { batteryPct }),
    ...(satellites === UNKNOWN_U8 ? {} : { satellites }),
    ...(accuracyM === null ? {} : { accuracyM }),
    ...((flags & FLAG.chargingKnown) === 0 ? {} : { charging: (flags & FLAG.charging) !== 0 }),
    ...((flags & FLAG.checksumMismatch) === 0 ? {} : { checksumMismatch: true }),
    ...sent,
  };
}

function positionOf(draft: RowDraft, id: string | null): FramePosition {
  const row = draft.bytes;
  return {
    id,
    fixTime: new Date(draft.fixTimeMs).toISOString(),
    lat: draft.latE7 / 1e7,
    lon: draft.lonE7 / 1e7,
    valid: ((row[ROW.flags] ?? 0) & FLAG.valid) !== 0,
    speedMps: floatOf(row, ROW.speedMps),
    headingDeg: floatOf(row, ROW.headingDeg),
    altitudeM: floatOf(row, ROW.altitudeM),
    attributes: attributesOf(row, draft.length),
  };
}

/** A reader for one connection. `id` is used for frames of families that name their device only at login. */
export function createFrameReader(
  protocol: Protocol,
  options: { readonly id?: string } = {},
): FrameReader {
  const decoder = protocol.createDecoder();
  let id = options.id ?? null;
  return {
    read(frame) {
      const positions: FramePosition[] = [];
      const dropped: DropReason[] = [];
      let reply: string | null = null;
      const sink: DecodeSink = {
        onIdentity(buffer, start, end) {
          id = buffer.toString('latin1', start, end);
          return true;
        },
        onFix: (draft) => void positions.push(positionOf(draft, id)),
        onReply(bytes) {
          reply = (reply ?? '') + bytes.toString('hex');
        },
        onDropped: (reason) => void dropped.push(reason),
        onChecksumMismatch: () => undefined,
      };
      decoder.decode(frame, 0, frame.length, sink);
      const [reason] = dropped;
      if (reason !== undefined && positions.length === 0) return { error: ERROR_OF_REASON[reason] };
      return { positions, reply };
    },
  };
}
