export * from './fake-clock.ts';
export * from './free-port.ts';
export * from './nats-cluster.ts';
export * from './nats-program.ts';
export { startNats, type StartNatsOptions, type TestNats } from './nats-server.ts';
export * from './test-postgres.ts';
export * from './wait-until.ts';
export { TEST_POSTGRES_VARIABLE } from './shared-postgres.ts';
