/** `followme simulate`: a simulated fleet for any server; its trackers are registered there when asked. */
import { createLogger, createRandom, systemClock } from '@followme/platform';
import { createFleet, runFleet, type Fleet, type RunningFleet } from '@followme/simulator';
import { Command } from 'commander';
import { parsePort, parseWhole, UsageError } from '../usage-error.ts';

const MAX_TRACKERS = 20_000;
const REQUEST_LIMIT_MS = 10_000;
const PROGRESS_EVERY_MS = 5_000;

interface SimulateFlags {
  readonly host: string;
  readonly port: string;
  readonly trackers: string;
  readonly interval: string;
  readonly seed: string;
  readonly seconds?: string;
  readonly register?: string;
  readonly email?: string;
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description(
      'Sends a simulated Meitrack fleet to a server until it gets SIGINT, and prints its counters every\n' +
        'few seconds, one JSON object a line. Half of the fleet speaks text, which no server acknowledges;\n' +
        'the other half speaks CCC, and "acknowledged" counts its records.',
    )
    .option('--host <address>', 'server', '127.0.0.1')
    .option('--port <port>', 'its Meitrack port', '50012')
    .option('--trackers <n>', 'size of the fleet', '100')
    .option('--interval <seconds>', 'time between two reports of a tracker', '5')
    .option('--seed <text>', 'the same seed makes the same fleet', 'followme')
    .option('--seconds <n>', 'end after so many seconds')
    .option('--register <url>', 'first register the trackers at this web address (needs --email)')
    .option('--email <email>', 'login for --register; the password is read from FOLLOWME_PASSWORD')
    .action(simulate);
}

async function simulate(flags: SimulateFlags): Promise<void> {
  const count = parseWhole(flags.trackers, '--trackers', { min: 1, max: MAX_TRACKERS });
  const intervalS = parseWhole(flags.interval, '--interval', { min: 1, max: 3_600 });
  const port = parsePort(flags.port, '--port');
  const seconds =
    flags.seconds === undefined
      ? null
      : parseWhole(flags.seconds, '--seconds', { min: 1, max: 1_000_000 });
  const fleet = createFleet({ count, seed: flags.seed, startTimeMs: systemClock.nowMs() });
  if (flags.register !== undefined) await register(fleet, flags.register, flags.email);
  const deps = {
    clock: systemClock,
    random: createRandom(`${flags.seed}/sockets`),
    logger: createLogger('warn'),
  };
  const running = runFleet(deps, { fleet, host: flags.host, port, intervalMs: intervalS * 1_000 });
  const stopProgress = systemClock.every(PROGRESS_EVERY_MS, () => print(running));
  await untilTold(seconds);
  stopProgress();
  await running.stop();
  print(running);
  if (running.counters.sent === 0) {
    throw new Error(
      `Nothing reached ${flags.host}:${port}: is the server there, and the port right?`,
    );
  }
}

function print(running: RunningFleet): void {
  const line = { ...running.counters, connected: running.connected(), held: running.heldRecords() };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Resolves at a signal to stop, or after `seconds`. */
function untilTold(seconds: number | null): Promise<void> {
  return new Promise((resolve) => {
    // holds the process while nothing else does
    const keepAlive = new AbortController();
    const end = (): void => {
      keepAlive.abort();
      resolve();
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    const limitMs = seconds === null ? 2 ** 31 - 1 : seconds * 1_000;
    systemClock.sleep(limitMs, keepAlive.signal).then(end, () => undefined);
  });
}

/** Registers every tracker of the fleet through the API; those that are there already stay. */
async function register(fleet: Fleet, url: string, email: string | undefined): Promise<void> {
  const password = process.env['FOLLOWME_PASSWORD'];
  if (email === undefined || password === undefined) {
    throw new UsageError('--register needs --email and the password in FOLLOWME_PASSWORD.');
  }
  const login = await post(new URL('/api/login', url), { email, password });
  if (login.status !== 200) throw new Error(`Cannot log in at ${url}: HTTP ${login.status}`);
  // the contract of our own API
  const { sessionKey } = (await login.json()) as { sessionKey: string };
  for (let index = 0; index < fleet.count; index += 1) {
    const device = { protocol: 'meitrack', identifier: fleet.registerIdentity(index) };
    const tracker = { name: `Simulated ${index + 1}`, groupIds: [], device };
    const answer = await post(new URL('/api/trackers', url), tracker, sessionKey);
    if (answer.status >= 300 && answer.status !== 409) {
      throw new Error(
        `Cannot register tracker ${index + 1}: HTTP ${answer.status} ${await answer.text()}`,
      );
    }
    if ((index + 1) % 1_000 === 0) process.stderr.write(`registered ${index + 1} trackers\n`);
  }
}

async function post(url: URL, body: unknown, sessionKey?: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(sessionKey === undefined ? {} : { authorization: `Bearer ${sessionKey}` }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
  }).catch((cause: unknown) => {
    throw new Error(`${url.origin} does not answer`, { cause });
  });
}
