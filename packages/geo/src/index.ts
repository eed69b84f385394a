export * from './check-shape.ts';
export * from './fence-index.ts';
export * from './fence-matches.ts';
export * from './fence-problem.ts';
export * from './judge-fix.ts';
export * from './parse-fence.ts';
export * from './prepared.ts';
export { prepareShape } from './prepared-shape.ts';
export { EARTH_RADIUS_M, haversineM, type Place } from './sphere.ts';
