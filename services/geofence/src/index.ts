export * from './fence-announcer.ts';
export * from './pipeline.ts';
export { createReplay, replayTrack, type ReplayedEvent, type TrackFix } from './replay.ts';
export * from './replay-files.ts';
export { DEFAULT_GEOFENCE_SETTINGS, type GeofenceSettings } from './settings.ts';
