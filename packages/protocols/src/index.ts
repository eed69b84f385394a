export * from './frame-reader.ts';
export * from './meitrack/encode.ts';
export { meitrack } from './meitrack/protocol.ts';
export { parseConfirmation, type Confirmation } from './meitrack/reply.ts';
export * from './protocol.ts';
export * from './registry.ts';
