/** `followme demo`: the system with a simulated fleet that reports over real sockets. What `npm start` runs. */
import { SUBJECTS } from '@followme/model';
import { createLogger, createRandom, systemClock } from '@followme/platform';
import { createFleet, runFleet, type Fleet } from '@followme/simulator';
import { Command } from 'commander';
import { ensureDemo } from '../compose/demo-tenant.ts';
import type { RunningSystem } from '../compose/system.ts';
import { readSettings, type SettingFlags, type Settings } from '../settings.ts';
import { parseWhole } from '../usage-error.ts';
import { withServeOptions } from './options.ts';
import { serve } from './serve.ts';

const DEFAULT_TRACKERS = '40';
const DEFAULT_INTERVAL_S = '2';
const MAX_DEMO_TRACKERS = 20_000;

interface DemoFlags extends SettingFlags {
  readonly trackers: string;
  readonly seed: string;
  readonly interval: string;
}

export function demoCommand(): Command {
  const command = new Command('demo').description(
    'Runs the system with a simulated fleet: virtual trackers in Utrecht, reporting over real sockets.',
  );
  return withServeOptions(command)
    .option('--trackers <n>', 'size of the fleet', DEFAULT_TRACKERS)
    .option('--interval <seconds>', 'time between two reports of a tracker', DEFAULT_INTERVAL_S)
    .option('--seed <text>', 'the same seed makes the same fleet', 'followme')
    .action(demo);
}

async function demo(flags: DemoFlags): Promise<void> {
  const count = parseWhole(flags.trackers, '--trackers', { min: 1, max: MAX_DEMO_TRACKERS });
  const intervalS = parseWhole(flags.interval, '--interval', { min: 1, max: 3_600 });
  // at a terminal people read the welcome, not log lines
  const settings = readSettings({ logLevel: 'warn', ...flags }, process.env);
  const fleet = createFleet({ count, seed: flags.seed, startTimeMs: systemClock.nowMs() });
  await serve(settings, (system) =>
    startFleet(system, settings, { fleet, intervalS, seed: flags.seed }),
  );
}

async function startFleet(
  system: RunningSystem,
  settings: Settings,
  { fleet, intervalS, seed }: { fleet: Fleet; intervalS: number; seed: string },
): Promise<void> {
  const { store, log } = system.engines;
  const made = await ensureDemo(store, system.firstLogin.tenantId, fleet);
  if (made > 0) {
    for (const subject of Object.values(SUBJECTS)) log.broadcast(subject, new Uint8Array());
  }
  const port = system.devicePorts.get('meitrack');
  if (port === undefined) return; // this process has no tracker role: another one receives the fleet
  const deps = {
    clock: systemClock,
    random: createRandom(`${seed}/sockets`),
    logger: createLogger(settings.logLevel),
  };
  system.add(
    'simulated fleet',
    runFleet(deps, { fleet, host: settings.host, port, intervalMs: intervalS * 1_000 }),
  );
}
