/** `followme serve`: runs the system until it is told to stop. */
import { systemClock } from '@followme/platform';
import { PROTOCOLS } from '@followme/protocols';
import { Command } from 'commander';
import { whyNoPort } from '../compose/free-port.ts';
import { startSystem, type RunningSystem } from '../compose/system.ts';
import type { Refusal } from '../exit-code.ts';
import { readSettings, type SettingFlags, type Settings } from '../settings.ts';
import { VERSION } from '../version.ts';
import { loginFile } from '../compose/data-folder.ts';
import { withServeOptions } from './options.ts';

/** Longest that the process outlives its parts, ms. */
const EXIT_GRACE_MS = 250;

const SHOWN_ONCE = '            shown this once; "followme tenant password" makes a new one';

/** The command. */
export function serveCommand(): Command {
  const command = new Command('serve').description(
    'Runs the system until it gets SIGINT or SIGTERM, on the embedded engines or on --store and --log. The first\n' +
      'start makes an administrator and prints the login; with --log only that one does, else every start.',
  );
  return withServeOptions(command).action(async (flags: SettingFlags) => {
    await serve(readSettings(flags, process.env));
  });
}

/**
 * Starts, prints where to go, and resolves when everything has stopped. The exit code is 1 when something did
 * not stop well.
 */
export async function serve(
  settings: Settings,
  afterStart: (system: RunningSystem) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const told = waitForSignal();
  await requirePorts(settings);
  const system = await startSystem(settings);
  let isClean = false;
  try {
    await afterStart(system);
    process.stdout.write(welcome(system, settings));
    await Promise.race([told, system.broken.then(endAtOnce)]);
  } finally {
    isClean = await system.stop();
    if (!isClean) process.exitCode = 1;
    // whatever still holds the process after its parts have ended must not keep it alive
    systemClock.after(EXIT_GRACE_MS, () => process.exit());
  }
}

/**
 * Without a drain: it would write into a log that is not ours. What was acknowledged is in the right log, and the
 * leases of our lanes run out by themselves.
 */
function endAtOnce(reason: Refusal): void {
  process.stderr.write(`${reason.message}\n`);
  process.exit(reason.exitCode);
}

/** Looks at the ports before engines start and a data folder is made. @throws Error naming the flag to change. */
async function requirePorts(settings: Settings): Promise<void> {
  const { host, port, opsPort, devicePorts, roles } = settings;
  const wanted = [
    ...(opsPort === null ? [] : [{ port: opsPort, flag: '--ops-port' }]),
    ...(roles.has('client') ? [{ port, flag: '--port' }] : []),
    ...(roles.has('tracker') && devicePorts !== 0
      ? PROTOCOLS.map(({ portOffset }) => ({
          port: devicePorts + portOffset,
          flag: '--device-ports',
        }))
      : []),
  ];
  for (const { port: number, flag } of wanted) {
    const why = await whyNoPort(host, number);
    if (why === null) continue;
    throw new Error(
      `Cannot listen on ${host}:${number}: ${why}. Choose another with ${flag} or --host.`,
    );
  }
}

/** Resolves at the first signal to stop; a second one ends the process at once. */
function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isFirst = true;
    const hear = (signal: NodeJS.Signals): void => {
      if (!isFirst) process.exit(1);
      isFirst = false;
      process.stderr.write(`Stopping (${signal}); the same again ends at once …\n`);
      resolve();
    };
    process.on('SIGINT', hear);
    process.on('SIGTERM', hear);
  });
}

function welcome(system: RunningSystem, settings: Settings): string {
  const { url, opsUrl, devicePorts, engines } = system;
  const ports = [...devicePorts].map(([name, port]) => `${name} ${port}`).join(', ');
  const login = loginLines(system, settings);
  const lines = [
    `Follow Me ${VERSION}`,
    '',
    ...(url === null ? [] : [`  Open:     ${url}`]),
    ...login,
    ...(url === null && login.length === 0 ? [] : ['']),
    ...(opsUrl === null ? [] : [`  Ops:      ${opsUrl}`]),
    ...(ports === '' ? [] : [`  Devices:  ${ports} on ${settings.host}`]),
    ...(settings.logUrl === null ? [`  Data:     ${settings.dataFolder}`] : []),
    `  Log:      ${engines.log.durability}`,
    '',
    'Ready. Stop with Ctrl-C.',
  ];
  return `${lines.join('\n')}\n`;
}

/** The first login: whoever made it shows it, and at later starts whoever has it in the data folder. */
function loginLines({ firstLogin, url }: RunningSystem, settings: Settings): readonly string[] {
  const { email, password, isNew } = firstLogin;
  if (isNew) {
    const shown = password ?? 'the one in FOLLOWME_ADMIN_PASSWORD';
    const once = settings.logUrl === null || password === null ? '' : SHOWN_ONCE;
    return [`  E-mail:   ${email}`, `  Password: ${shown}`, ...(once === '' ? [] : [once])];
  }
  if (url === null || settings.logUrl !== null || email === null) return [];
  const shown =
    password ??
    `only its hash is stored; the one in ${loginFile(settings.dataFolder)} opens nothing`;
  return [`  E-mail:   ${email}`, `  Password: ${shown}`];
}
