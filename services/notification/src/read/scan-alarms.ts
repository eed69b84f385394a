import { alarmOfRow, ROW, type RowCursor } from '@followme/model';
import type { Occurrence } from '../raise/occurrence.ts';

/**
 * Adds the alarms of a batch to `found`. Nearly every row has none, so a row costs one look at its byte and
 * nothing is allocated for it.
 * @throws RangeError when the batch is damaged or of a version we do not know.
 */
export function scanAlarms(cursor: RowCursor, payload: Uint8Array, found: Occurrence[]): void {
  cursor.open(payload);
  while (cursor.next()) {
    if (cursor.buffer[cursor.offset + ROW.alarm] === 0) continue;
    const alarm = alarmOfRow(cursor);
    // an alarm of a newer release reads as none
    if (alarm === 'none') continue;
    // 0° 0° is what devices send that do not know where they are
    const isPlace = cursor.lonE7 !== 0 || cursor.latE7 !== 0;
    found.push({
      tenantId: cursor.tenantId,
      trackerId: cursor.trackerId,
      timeMs: cursor.fixTimeMs,
      lon: isPlace ? cursor.lonE7 / 1e7 : null,
      lat: isPlace ? cursor.latE7 / 1e7 : null,
      cause: { kind: 'alarm', alarm },
    });
  }
}
