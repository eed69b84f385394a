// Shared by the start, build and test scripts. Plain JavaScript on purpose: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const NODE_NEEDED = [20, 19];
const SOURCE_FOLDERS = ['packages', 'services', 'apps', 'scripts'];
const SOURCE_FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.base.json'];
const NOT_SOURCE = new Set(['node_modules', 'dist', 'data', '.cache']);
const BUILT = ['apps/followme/dist/main.js', 'apps/control-center/dist/index.html'];
const PROGRESS_EVERY_MS = 5_000;

/** Ends the process with one sentence when Node is older than what the system is written for. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor, needMinor] = NODE_NEEDED;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  fail(`Follow Me needs Node ${NODE_NEEDED.join('.')} or newer; this is ${process.versions.node}.`);
}

/** Ends the process with one sentence. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** A progress line on standard error: standard output belongs to results. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a program, saying every few seconds that it still does. Answers its exit code; its output is shown
 * only when it fails or `show` is set.
 */
export function run(what, command, args, { show = false, env = process.env, cwd = root } = {}) {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1_000).toFixed(0);
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: show ? 'inherit' : 'pipe' });
    const kept = [];
    child.stdout?.on('data', (chunk) => kept.push(chunk));
    child.stderr?.on('data', (chunk) => kept.push(chunk));
    const ticker = show
      ? undefined
      : setInterval(() => say(`  … ${what} (${seconds()} s)`), PROGRESS_EVERY_MS);
    child.on('error', (error) => {
      clearInterval(ticker);
      say(`${what}: cannot run ${command}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => {
      clearInterval(ticker);
      if (code !== 0 && !show) say(Buffer.concat(kept).toString());
      resolve(code ?? 1);
    });
  });
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    if (NOT_SOURCE.has(entry.name)) continue;
    const child = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(child);
    else yield child;
  }
}

/** A fingerprint of everything that the build reads. */
function sourceStamp() {
  const hash = createHash('sha256').update(process.version);
  const files = [...SOURCE_FOLDERS.flatMap((folder) => [...sourceFiles(folder)]), ...SOURCE_FILES];
  for (const file of files.toSorted()) {
    hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

const buildStampFile = path.join(root, '.cache', 'built');
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const readJson = (file) => JSON.parse(read(path.join(root, file)) || '{}');

/** Whether node_modules holds what the lock file asks for, whoever installed it. */
function isInstalled() {
  const wanted = Object.entries(readJson('package-lock.json').packages ?? {});
  const present = readJson('node_modules/.package-lock.json').packages ?? {};
  return wanted.every(([place, { version, optional, link }]) => {
    if (!place.includes('node_modules/') || optional || link) return true;
    return present[place]?.version === version;
  });
}

/** Installs the packages of the lock file when they are not there; install scripts stay blocked. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  say('Installing packages from the npm registry …');
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional'];
  if ((await run('installing', 'npm', args)) !== 0) {
    fail(
      'The packages could not be installed: see the lines above, then run the same command again.',
    );
  }
}

/** Builds services and web app when their sources changed since the last build. */
export async function ensureBuilt() {
  const wanted = sourceStamp();
  const isComplete = BUILT.every((file) => existsSync(path.join(root, file)));
  if (isComplete && read(buildStampFile) === wanted) return;
  say('Building …');
  const [services, web] = await Promise.all([
    run('building the services', process.execPath, [bin('typescript', 'tsc'), '-b']),
    run(
      'building the web app',
      process.execPath,
      [bin('vite', 'vite'), 'build', '--logLevel', 'warn'],
      {
        cwd: path.join(root, 'apps/control-center'),
      },
    ),
  ]);
  if (services !== 0 || web !== 0) fail('The build failed: see the lines above.');
  mkdirSync(path.dirname(buildStampFile), { recursive: true });
  writeFileSync(buildStampFile, wanted);
}

/** The script behind a program of node_modules/.bin, to run it with this very Node. */
export function bin(packageName, program) {
  const folder = path.join(root, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[program];
  return path.join(folder, file);
}
