/** Trackers and their devices over HTTP; the list of them is in `client.ts`. */
import type {
  CommandBody,
  CreateTrackerBody,
  DeviceAddresses,
  TrackerReply,
  UpdateTrackerBody,
} from '@followme/contracts';
import { request, requestJson } from './client.ts';

/** @throws ApiError DEVICE_TAKEN, DEVICE_PROTOCOL_UNKNOWN, GROUP_NOT_FOUND */
export function createTracker(body: CreateTrackerBody): Promise<TrackerReply> {
  return requestJson('/api/trackers', { method: 'POST', body });
}

/** One tracker as it is now. @throws ApiError TRACKER_NOT_FOUND */
export function fetchTracker(trackerId: number): Promise<TrackerReply> {
  return requestJson(`/api/trackers/${trackerId}`);
}

/** Changes what is named; `device: null` takes the device away. @throws ApiError as `createTracker`, TRACKER_NOT_FOUND */
export function updateTracker(trackerId: number, body: UpdateTrackerBody): Promise<TrackerReply> {
  return requestJson(`/api/trackers/${trackerId}`, { method: 'PATCH', body });
}

/** Takes a tracker out of service; what it reported stays. @throws ApiError TRACKER_NOT_FOUND */
export async function retireTracker(trackerId: number): Promise<void> {
  await request(`/api/trackers/${trackerId}`, { method: 'DELETE' });
}

/** Where devices of each family report to. @throws ApiError */
export function fetchDeviceAddresses(signal: AbortSignal): Promise<DeviceAddresses> {
  return requestJson('/api/device-addresses', { signal });
}

/**
 * Asks something of the device; it answers with what it reports.
 * @throws ApiError TRACKER_NOT_CONNECTED, TRACKER_NOT_READING, COMMAND_UNSUPPORTED, TOO_MANY_COMMANDS, TRACKER_NOT_FOUND
 */
export async function giveCommand(trackerId: number, command: CommandBody): Promise<void> {
  await request(`/api/trackers/${trackerId}/commands`, { method: 'POST', body: command });
}
