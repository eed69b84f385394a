export {
  createClientService,
  type ClientService,
  type ClientServiceConfig,
  type ClientServiceDeps,
} from './service.ts';
export type * from './ports.ts';
export type { ChannelConfig, DeviceAddress } from './http/deps.ts';
export { startOpsServer, type OpsServer } from './http/ops-app.ts';
