/** Where devices report to: what people enter in a tracker. */
import { DeviceAddressesSchema } from '@followme/contracts';
import { answer } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { defineRoute, type Route } from './route.ts';

/** The host name of a Host header, without port and brackets; empty when it is none. */
function hostNameOf(host: string): string {
  const address = `http://${host}`;
  return URL.canParse(address) ? new URL(address).hostname.replace(/^\[(.*)\]$/, '$1') : '';
}

/** The routes of this file. */
export function deviceAddressRoutes({ config }: Pick<HttpDeps, 'config'>): readonly Route[] {
  const get = defineRoute({
    method: 'GET',
    url: '/api/device-addresses',
    access: 'signedIn',
    summary:
      'What to enter in a tracker: the host name this was asked at and the port of each family',
    tag: 'devices',
    reply: DeviceAddressesSchema,
    handle({ origin }) {
      const protocols = config.deviceAddresses.map(({ protocol, label, port }) => ({
        protocol,
        label,
        transport: 'tcp' as const,
        port,
      }));
      return Promise.resolve(answer({ host: hostNameOf(origin.host), protocols }));
    },
  });
  return [get];
}
