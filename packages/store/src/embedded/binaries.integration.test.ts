import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findPackage, prepareBinaries, type ProgramPackage } from './binaries.ts';
import { chooseUser } from './run-as.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

let parent: string;
let copies: string;
let installed: ProgramPackage;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'followme-programs-'));
  await chmod(parent, 0o755);
  copies = join(parent, 'copies');
  const found = await findPackage();
  // as npm installs it with install scripts blocked: without the names of the libraries
  installed = { folder: join(parent, 'checkout', 'package'), release: found.release };
  await cp(found.folder, installed.folder, { recursive: true, verbatimSymlinks: true });
  const libraries = join(installed.folder, 'native', 'lib');
  for (const name of await readdir(libraries)) {
    const path = join(libraries, name);
    if ((await lstat(path)).isSymbolicLink()) await rm(path);
  }
});
afterEach(() => rm(parent, { recursive: true }));

describe('the programs of the server', () => {
  test('run where they are installed, also when install scripts were blocked', async () => {
    const { postgres, initdb, env } = await prepareBinaries(installed, null, [copies]);
    expect(postgres).toBe(join(installed.folder, 'native', 'bin', 'postgres'));
    const { stdout } = await run(initdb, ['--version'], { env });
    expect(stdout).toMatch(/^initdb \(PostgreSQL\) 18/);
  });

  test.runIf(isRoot)('are copied once when the user of the server cannot reach them', async () => {
    const user = await chooseUser(join(parent, 'none'));
    await chmod(join(parent, 'checkout'), 0o700);
    const several = await Promise.all(
      [1, 2, 3].map(() => prepareBinaries(installed, user, [copies])),
    );
    const expected = join(copies, installed.release, 'bin', 'postgres');
    expect(several.map(({ postgres }) => postgres)).toEqual([expected, expected, expected]);
    expect(await readdir(copies)).toEqual([installed.release]);
    const { stdout } = await run(expected, ['--version'], { env: several[0]?.env ?? {}, ...user });
    expect(stdout).toMatch(/^postgres \(PostgreSQL\) 18/);
  });

  test.runIf(isRoot)('are not taken from a folder that others can write to', async () => {
    const user = await chooseUser(join(parent, 'none'));
    await chmod(join(parent, 'checkout'), 0o700);
    await mkdir(copies);
    await chmod(copies, 0o777);
    await expect(prepareBinaries(installed, user, [copies])).rejects.toMatchObject({
      code: 'EMBEDDED_UNAVAILABLE',
      message: expect.stringContaining(`${copies} belongs to somebody else`),
    });
  });
});
