// `npm run verify`: format, lint, types, unit, integration, build, e2e, in this order; the same in CI and at
// home. A stage that fails does not stop the others. Ends with `N passed, N failed[, N skipped]`.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { bin, ensureBuilt, ensureInstalled, root, run, say } from './lib.mjs';

await ensureInstalled();

const node = process.execPath;
const results = path.join(root, 'test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const check = (name, ...commands) => ({ name, run: () => runCheck(name, commands) });
const suite = (name) => ({ name, run: () => runSuite(name) });
const stages = [
  check('format', [
    bin('prettier', 'prettier'),
    '--check',
    '--log-level',
    'warn',
    '--cache',
    '--cache-location',
    '.cache/prettier',
    '.',
  ]),
  check(
    'lint',
    // type-aware rules read the declarations of the packages: a clean clone has none yet
    [bin('typescript', 'tsc'), '-b'],
    [bin('oxlint', 'oxlint'), '--type-aware', '--deny-warnings'],
    [bin('knip', 'knip')],
  ),
  check(
    'types',
    [bin('typescript', 'tsc'), '-b'],
    [bin('typescript', 'tsc'), '-p', 'tsconfig.tests.json'],
    [bin('typescript', 'tsc'), '-p', 'apps/control-center'],
  ),
  suite('unit'),
  suite('integration'),
  { name: 'build', run: async () => (await ensureBuilt(), { passed: 1, failed: 0, skipped: [] }) },
  suite('e2e'),
];

/** @type {{ passed: number, failed: number, skipped: string[] }} */
const total = { passed: 0, failed: 0, skipped: [] };
for (const stage of stages) {
  const started = performance.now();
  say(`── ${stage.name}`);
  const outcome = await stage.run();
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const counts = `${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped.length} skipped`;
  say(`── ${stage.name}: ${counts} in ${seconds} s\n`);
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped.push(...outcome.skipped);
}
for (const name of total.skipped) say(`skipped: ${name}`);
const skipped = total.skipped.length === 0 ? '' : `, ${total.skipped.length} skipped`;
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** A stage that passes or fails as a whole. */
async function runCheck(name, commands) {
  for (const command of commands) {
    if ((await run(name, node, command)) !== 0) return { passed: 0, failed: 1, skipped: [] };
  }
  return { passed: 1, failed: 0, skipped: [] };
}

/** A vitest project; its tests are counted one by one. A suite without a single test has failed. */
async function runSuite(name) {
  const file = path.join(results, `${name}.json`);
  const args = [
    'run',
    '--project',
    name,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const code = await run(name, node, [bin('vitest', 'vitest'), ...args], { show: true });
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const skipped = tests
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => `${name}: ${fullName}`);
  const passed = report.numPassedTests;
  // a file that cannot be loaded, an unhandled error or an empty suite fails without a failed test
  const failed = Math.max(report.numFailedTests, code !== 0 || passed === 0 ? 1 : 0);
  return { passed, failed, skipped };
}
