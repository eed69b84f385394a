export * from './port.ts';
export { createLmdbLog, type LmdbLogOptions } from './lmdb/lmdb-log.ts';
export { LogOpenError, type LaneCounts, type LogOpenErrorCode } from './lmdb/engine.ts';
