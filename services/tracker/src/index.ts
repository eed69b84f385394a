export type { DeviceEntry, DeviceSource } from './identify/device-registry.ts';
export type { UnknownDeviceSighting, UnknownDeviceSink } from './identify/unknown-devices.ts';
export {
  startTrackerService,
  type TrackerService,
  type TrackerServiceConfig,
  type TrackerServiceDeps,
} from './pipeline.ts';
export type { ConsumerOffsets } from './retain/log-retention.ts';
