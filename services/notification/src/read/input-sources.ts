import { parseFenceEventRecord } from '@followme/contracts';
import { recordKindOf, RowCursor } from '@followme/model';
import type { NotificationMetrics } from '../notification-metrics.ts';
import type { InputSource } from './input-lane.ts';
import { occurrenceOfEvent } from './occurrence-of-event.ts';
import { scanAlarms } from './scan-alarms.ts';

/** What the service reads: crossings from the events, alarms from the positions. */
export function createInputSources(metrics: NotificationMetrics): readonly InputSource[] {
  const cursor = new RowCursor();
  return [
    {
      input: 'crossings',
      stream: 'events',
      read(record, found) {
        const event = parseFenceEventRecord(record.payload);
        if (event === null) throw new Error('The record is no crossing that this release knows');
        const occurrence = occurrenceOfEvent(event);
        if (occurrence === null) metrics.passed('fenceChanged', 1);
        else found.push(occurrence);
      },
    },
    {
      input: 'alarms',
      stream: 'positions',
      read(record, found) {
        // control records, and kinds of a newer release, hold no positions
        if (recordKindOf(record.payload) !== 'positions') return;
        scanAlarms(cursor, record.payload, found);
      },
    },
  ];
}
