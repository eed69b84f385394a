export * from './port.ts';
export { createLagMeter, type Lag, type LagMeter, type MeasuredLane } from './lag-meter.ts';
export { createLmdbLog, type LmdbLogOptions } from './lmdb/lmdb-log.ts';
export type { LaneCounts } from './lmdb/engine.ts';
export { createJetStreamLog, type JetStreamLogOptions } from './jetstream/open-jetstream.ts';
export {
  describeAddress as describeJetStreamAddress,
  parseJetStreamAddress,
  type JetStreamAddress,
} from './jetstream/address.ts';
export { inspectJetStream, type JetStreamFacts, type StreamFacts } from './jetstream/inspect.ts';
