export {
  createClientService,
  type ClientService,
  type ClientServiceConfig,
  type ClientServiceDeps,
} from './service.ts';
export type * from './ports.ts';
export type { DeviceAddress } from './http/deps.ts';
