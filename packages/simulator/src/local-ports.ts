/**
 * Local ends for many connections from one machine. The device ports lie in the range from which Linux takes
 * ports for outgoing connections, and one address has too few ports for a large fleet. So on Linux, towards
 * the loopback, we bind 127.0.0.2 and up, with ports below that range; elsewhere the system chooses.
 */

/** The local end of one connection; empty = the system chooses. */
interface LocalEnd {
  readonly localAddress?: string;
  readonly localPort?: number;
}

/** Hands out local ends, a different one each time until all were used once. */
export interface LocalPorts {
  next(): LocalEnd;
}

const FIRST_PORT = 10_240;
/** Linux takes ports for outgoing connections from here on (net.ipv4.ip_local_port_range). */
const FIRST_EPHEMERAL_PORT = 32_768;
const FIRST_HOST = 2;
const LAST_HOST = 254;

const systemChoice: LocalPorts = { next: () => ({}) };

/** Whether `host` is this machine's IPv4 loopback. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** `start` 0 … 1 says where in the range to begin: two fleets on one machine should not try the same ports. */
export function createLocalPorts(platform: string, host: string, start: number): LocalPorts {
  if (platform !== 'linux' || !isLoopback(host)) return systemChoice;
  const portsPerHost = FIRST_EPHEMERAL_PORT - FIRST_PORT;
  const hosts = LAST_HOST - FIRST_HOST + 1;
  let index = Math.floor(start * portsPerHost * hosts);
  return {
    next() {
      index = (index + 1) % (portsPerHost * hosts);
      return {
        localAddress: `127.0.0.${FIRST_HOST + Math.floor(index / portsPerHost)}`,
        localPort: FIRST_PORT + (index % portsPerHost),
      };
    },
  };
}
