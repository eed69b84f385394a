export * from './clock.ts';
export * from './lifecycle.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './network-policy.ts';
export * from './random.ts';
export * from './retry.ts';
