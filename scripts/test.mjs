// `npm test`: installs what the tests need, then runs everything.
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { ensureInstalled, requireNode, run, say } from './lib.mjs';

/** `service` is what the package starts by itself: tests start servers of their own, so it is not wanted. */
const DEBIAN_PACKAGES = [
  { program: '/usr/bin/chromium', name: 'chromium' },
  { program: '/usr/sbin/nats-server', name: 'nats-server', service: 'nats-server.service' },
];
const SYSTEMD_RUNS = '/run/systemd/system';

requireNode();
await ensureInstalled();
await ensureDebianPackages();
await import('./verify.mjs');

/** On Debian as root, installs the programs that tests drive; elsewhere names what is missing. */
async function ensureDebianPackages() {
  const missing = DEBIAN_PACKAGES.filter(({ program }) => !existsSync(program));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  if (!isDebian() || process.getuid?.() !== 0) {
    say(`Not installed here: ${names.join(', ')}. The tests that need them are skipped and named.`);
    return;
  }
  say(`Installing Debian packages: ${names.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('updating the package lists', 'apt-get', ['update', '-q'], { env });
  const args = ['install', '-y', '-q', '--no-install-recommends', ...names];
  if ((await run('installing', 'apt-get', args, { env })) !== 0) {
    say(`Could not install ${names.join(', ')}: the tests that need them are skipped and named.`);
  }
  for (const { program, service } of missing) {
    if (service !== undefined && existsSync(program)) await stopService(service);
  }
}

/** Stops what a package that we installed has started, now and at the next start of the machine. */
async function stopService(service) {
  if (!existsSync(SYSTEMD_RUNS)) return;
  await run(`stopping ${service}`, 'systemctl', ['disable', '--now', service]);
}

function isDebian() {
  return (
    existsSync('/etc/os-release') &&
    /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}
