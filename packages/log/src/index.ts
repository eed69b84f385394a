export * from './port.ts';
export { createLmdbLog, type LmdbLogOptions } from './lmdb/lmdb-log.ts';
export type { LaneCounts } from './lmdb/engine.ts';
