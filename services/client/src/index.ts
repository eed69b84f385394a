export {
  createClientService,
  type ClientService,
  type ClientServiceConfig,
  type ClientServiceDeps,
} from './service.ts';
export type * from './ports.ts';
export { REGISTRY_SUBJECT } from './live/audience.ts';
export { FENCES_SUBJECT } from './http/announce.ts';
