/** `followme doctor`: looks at everything a start needs and says what to do about what is missing. */
import { readFile, statfs } from 'node:fs/promises';
import path from 'node:path';
import { isAbortError, systemClock, withDeadline } from '@followme/platform';
import { PROTOCOLS } from '@followme/protocols';
import { listTenants, type SchemaVersions } from '@followme/store';
import { Command } from 'commander';
import { ensureDataFolder, hasDatabase } from '../compose/data-folder.ts';
import { whyNoPort } from '../compose/free-port.ts';
import { checkLanes, checkLog, checkTogether } from './doctor-engines.ts';
import { isSystemRunning, lookIntoStore } from '../compose/with-store.ts';
import { readSettings, type SettingFlags, type Settings } from '../settings.ts';
import { ok, type Finding } from './finding.ts';
import { withServeOptions } from './options.ts';

const NODE_NEEDED = [20, 19] as const;
const FREE_NEEDED_BYTES = 1_000_000_000;
const FILES_NEEDED = 16_000;
const CHECK_LIMIT_MS = 20_000;

type Check = readonly [name: string, look: (settings: Settings) => Promise<Finding>];

const CHECKS: readonly Check[] = [
  ['Node', checkNode],
  ['Data folder', checkDataFolder],
  ['Disk space', checkDisk],
  ['Open files', checkOpenFiles],
  ['Web port', checkWebPort],
  ['Ops port', checkOpsPort],
  ['Device ports', checkDevicePorts],
  ['Database', checkDatabase],
  ['Log', checkLog],
  ['Log and database', checkTogether],
  ['Lanes', checkLanes],
];

/** The command. */
export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'Looks at everything a start needs and says what to do about what is missing. Exit code 1 when the\n' +
      'system would not start. May run beside a running system.',
  );
  return withServeOptions(command).action(async (flags: SettingFlags) => {
    const settings = readSettings(flags, process.env);
    for (const [name, look] of CHECKS) {
      const finding = await examine(name, () => look(settings));
      process.stdout.write(`${finding.state.padEnd(8)} ${name}: ${finding.detail}\n`);
      if (finding.state !== 'ok') process.stdout.write(`         → ${finding.advice}\n`);
      if (finding.state === 'failed') process.exitCode = 1;
    }
  });
}

async function examine(name: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await withDeadline(systemClock, CHECK_LIMIT_MS, name, look());
  } catch (error) {
    if (isAbortError(error)) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    return {
      state: 'failed',
      detail,
      advice: 'Mend what the line above says, then run doctor again.',
    };
  }
}

async function checkNode(): Promise<Finding> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor, needMinor] = NODE_NEEDED;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return ok(process.version);
  const advice = `Install Node ${NODE_NEEDED.join('.')} or newer.`;
  return { state: 'failed', detail: process.version, advice };
}

const NOT_NEEDED = ok('not needed: both engines are reached by address');

async function checkDataFolder({ dataFolder, logUrl }: Settings): Promise<Finding> {
  if (logUrl !== null) return NOT_NEEDED;
  await ensureDataFolder(dataFolder);
  return ok(dataFolder);
}

async function checkDisk({ dataFolder, logUrl }: Settings): Promise<Finding> {
  if (logUrl !== null) return NOT_NEEDED;
  const { bavail, bsize } = await statfs(dataFolder);
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free`;
  if (free >= FREE_NEEDED_BYTES) return ok(detail);
  return { state: 'warning', detail, advice: 'Free some space: positions and the log need room.' };
}

async function checkOpenFiles(): Promise<Finding> {
  if (process.platform !== 'linux') return ok('not checked on this system');
  const limits = await readFile('/proc/self/limits', 'utf8');
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  if (soft >= FILES_NEEDED) return ok(`${soft} per process`);
  const advice = `For many devices raise the limit: ulimit -n ${FILES_NEEDED}.`;
  return { state: 'warning', detail: `${soft} per process`, advice };
}

async function checkWebPort(settings: Settings): Promise<Finding> {
  if (!settings.roles.has('client')) return ok('none without the client role');
  return checkPort(settings, settings.port, '--port');
}

async function checkOpsPort(settings: Settings): Promise<Finding> {
  const { opsPort } = settings;
  if (opsPort === null) return ok('none: the web port answers for it');
  return checkPort(settings, opsPort, '--ops-port');
}

async function checkDevicePorts(settings: Settings): Promise<Finding> {
  const { devicePorts, roles } = settings;
  if (!roles.has('tracker')) return ok('none without the tracker role');
  if (devicePorts === 0) return ok('free ones are taken at start');
  for (const { name, portOffset } of PROTOCOLS) {
    const finding = await checkPort(settings, devicePorts + portOffset, '--device-ports');
    if (finding.state !== 'ok') return { ...finding, detail: `${name}: ${finding.detail}` };
  }
  return ok(
    PROTOCOLS.map(({ name, portOffset }) => `${name} ${devicePorts + portOffset}`).join(', '),
  );
}

async function checkPort(settings: Settings, port: number, flag: string): Promise<Finding> {
  const where = `${settings.host}:${port}`;
  const problem = await whyNoPort(settings.host, port);
  if (problem === null) return ok(`${where} is free`);
  if (settings.logUrl === null && (await isSystemRunning(settings.dataFolder))) {
    return ok(`${where} is in use; the system runs on this data folder`);
  }
  return {
    state: 'failed',
    detail: `${where} cannot be used (${problem})`,
    advice: `Stop what uses it, or choose another with ${flag}.`,
  };
}

async function checkDatabase(settings: Settings): Promise<Finding> {
  if (settings.storeUrl === null && !(await hasDatabase(settings.dataFolder))) {
    return ok('none yet; the first start makes it');
  }
  const where = settings.storeUrl === null ? path.join(settings.dataFolder, 'postgres') : 'by URL';
  return lookIntoStore(settings, async (store, versions) => {
    if (store !== null) {
      const tenants = await store.asSystem(listTenants);
      return ok(`${where}, version ${versions.ours}, ${tenants.length} tenant(s)`);
    }
    return unlikeOurs(where, versions);
  });
}

/** A database in another form than this release works with. */
function unlikeOurs(where: string, { present, ours }: SchemaVersions): Finding {
  if (present === 0) return ok(`${where}, holds nothing yet; the first start makes its tables`);
  const detail = `${where}, version ${present}; this release works with ${ours}`;
  if (present > ours) {
    const advice = 'A newer release was here: run that one, or restore a backup from before it.';
    return { state: 'failed', detail, advice };
  }
  const advice = 'The first start of this release, or followme migrate, brings it up to date.';
  return { state: 'warning', detail, advice };
}
