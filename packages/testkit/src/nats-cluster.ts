/** Three (or more) nats-servers that form one cluster. */
import { freePort } from './free-port.ts';
import { startNats, type StartNatsOptions, type TestNats } from './nats-server.ts';
import { waitUntil } from './wait-until.ts';

/** Where one member runs; on 127.0.0.1 without a prefix when left out. */
export interface NatsMemberPlace {
  /** Address of the member; the other members and the test must reach it. */
  readonly host?: string;
  /** Put before the program, such as `['ip', 'netns', 'exec', 'name']`. */
  readonly prefix?: readonly string[];
}

export interface StartNatsClusterOptions extends Omit<
  StartNatsOptions,
  'cluster' | 'ports' | 'host' | 'prefix' | 'name'
> {
  /** One per member; three on 127.0.0.1 when left out. */
  readonly members?: readonly NatsMemberPlace[];
}

export interface TestNatsCluster {
  readonly members: readonly TestNats[];
  /** `nats://host:port,host:port,host:port`, without login. */
  readonly url: string;
  /** Resolves when the members that run have a leader and are all current; looks at their monitoring. */
  healthy(): Promise<void>;
  stop(): Promise<void>;
}

const HEALTH_LIMIT_MS = 30_000;
const LOOK_LIMIT_MS = 2000;

async function look(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(LOOK_LIMIT_MS) });
  return answer.ok ? answer.json() : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Whether a member knows a leader that runs and is not behind it. */
async function isHealthy(member: TestNats, running: readonly TestNats[]): Promise<boolean> {
  if ((await look(`${member.monitorUrl}/healthz`)) === null) return false;
  const leader = field(field(await look(`${member.monitorUrl}/jsz`), 'meta_cluster'), 'leader');
  return running.some(({ name }) => name === leader);
}

/** Starts a cluster and waits until it has a leader. */
export async function startNatsCluster(
  options: StartNatsClusterOptions = {},
): Promise<TestNatsCluster> {
  const { members: places = [{}, {}, {}], ...shared } = options;
  const planned = await Promise.all(
    places.map(async ({ host = '127.0.0.1', prefix = [] }) => ({
      host,
      prefix,
      ports: { client: await freePort(), monitor: await freePort() },
      routePort: await freePort(),
    })),
  );
  const routes = planned.map(({ host, routePort }) => `nats-route://${host}:${routePort}`);
  const starts = await Promise.allSettled(
    planned.map(({ host, prefix, ports, routePort }, index) =>
      startNats({
        ...shared,
        host,
        prefix,
        ports,
        name: `test-${index + 1}`,
        cluster: { name: 'test', port: routePort, routes },
      }),
    ),
  );
  const members = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(members.map((member) => member.stop()));
  };
  const cluster: TestNatsCluster = {
    members,
    url: `nats://${members.map(({ host, port }) => `${host}:${port}`).join(',')}`,
    async healthy() {
      const running = members.filter((one) => one.isRunning());
      for (const member of running) {
        const what = `the health of ${member.name}`;
        await waitUntil(() => isHealthy(member, running), HEALTH_LIMIT_MS, what);
      }
    },
    stop,
  };
  const failed = starts.find((start) => start.status === 'rejected');
  try {
    if (failed !== undefined) throw failed.reason;
    await cluster.healthy();
    return cluster;
  } catch (error) {
    await stop();
    throw error;
  }
}
