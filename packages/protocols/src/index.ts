export * from './frame-reader.ts';
export { parseLocateQuery } from './meitrack/command.ts';
export * from './meitrack/encode.ts';
export { meitrack } from './meitrack/protocol.ts';
export { parseConfirmation, type Confirmation } from './meitrack/reply.ts';
export * from './protocol.ts';
export * from './registry.ts';
