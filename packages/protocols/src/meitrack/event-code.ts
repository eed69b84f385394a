/** The family's event numbers (vendor documents "GPRS Protocol", section "Event Code") that are alarms. */
import type { Alarm, RowDraft } from '@followme/model';

/** The one event after which the device says that external power came. */
const POWER_CONNECTED = 22;
const POWER_CUT = 23;

/** Input 1 of the family is the SOS button; 65 is the same button when it also dials. */
const ALARM_OF_EVENT: ReadonlyMap<number, Alarm> = new Map<number, Alarm>([
  [1, 'sos'],
  [17, 'lowBattery'],
  [18, 'lowBattery'],
  [19, 'overspeed'],
  [20, 'geofence'],
  [21, 'geofence'],
  [23, 'powerCut'],
  [28, 'tamper'],
  [36, 'towing'],
  [44, 'jamming'],
  [65, 'sos'],
  [78, 'accident'],
  [79, 'fall'],
  [81, 'tamper'],
  [133, 'idling'],
]);

/** Sets event number, alarm and what the event says about charging. */
export function setEvent(draft: RowDraft, eventCode: number): void {
  draft.setEventCode(eventCode);
  const alarm = ALARM_OF_EVENT.get(eventCode);
  if (alarm !== undefined) draft.setAlarm(alarm);
  if (eventCode === POWER_CONNECTED) draft.setCharging(true);
  if (eventCode === POWER_CUT) draft.setCharging(false);
}
