/**
 * The release before this one and this one run side by side on the same engines, as they do while an installation is
 * upgraded: first the old one alone, then both, then the new one alone. Records of the log, rows of the database and
 * broadcasts of either are understood by the other.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { NATS_MISSING, natsProgram } from '@followme/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCluster, INSIDE, OUTSIDE, untilTold, type Cluster } from '../support/cluster.ts';
import type { Role, RunningProcess } from '../support/processes.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RELEASES = path.join(ROOT, '.cache/releases');
const ROLES: readonly Role[] = ['tracker', 'geofence', 'notification', 'client'];
const BUILD_LIMIT_MS = 300_000;

/** The newest release, which is the one an installation is upgraded from; null before the first. */
function newestRelease(): string | null {
  try {
    const args = ['tag', '--list', 'v*', '--sort=-version:refname'];
    const tags = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });
    const [newest = ''] = tags.split('\n');
    return newest === '' ? null : newest;
  } catch {
    // no checkout of git: then there are no releases to find either
    return null;
  }
}

/**
 * Builds a release beside this checkout, once: what was built is kept, since a release does not change. Answers its
 * folder.
 */
function buildRelease(tag: string): string {
  const folder = path.join(RELEASES, tag);
  if (existsSync(folder)) return folder;
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const run = (command: string, args: readonly string[], cwd: string): void => {
    execFileSync(command, [...args], { cwd, stdio: 'pipe', timeout: BUILD_LIMIT_MS });
  };
  run('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'archive', tag, making], ROOT);
  run('npm', ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit'], making);
  run('npm', ['run', 'build'], making);
  renameSync(making, folder);
  return folder;
}

const release = newestRelease();
const missing =
  release === null ? 'there is no release yet' : natsProgram() === null ? NATS_MISSING : null;

describe.skipIf(missing !== null)(
  `${release ?? 'the release before'} beside this one${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let cluster: Cluster;
    /** The processes of the old release, by role. */
    const old = new Map<Role, RunningProcess>();
    beforeAll(async () => {
      const folder = buildRelease(release ?? '');
      cluster = await createCluster();
      const program = [path.join(folder, 'apps/followme/bin/followme.js')];
      await Promise.all(
        ROLES.map(async (role) => void old.set(role, await cluster.start(role, { program }))),
      );
    }, BUILD_LIMIT_MS * 2);
    afterAll(() => cluster.end());

    const oldOne = (role: Role): RunningProcess => {
      const process = old.get(role);
      if (process === undefined) throw new Error(`No old ${role} runs`);
      return process;
    };
    const newOne = (role: Role): RunningProcess => {
      const process = cluster.of(role).find((one) => one !== old.get(role));
      if (process === undefined) throw new Error(`No new ${role} runs`);
      return process;
    };

    test('each understands what the other writes, before, during and after the upgrade', async () => {
      await cluster.makeWorld(await cluster.signIn(oldOne('client')));
      await cluster.report(oldOne('tracker'), OUTSIDE);
      await cluster.untilCounted({ positions: 1, events: 0, alerts: 0 });

      await Promise.all(ROLES.map((role) => cluster.start(role)));
      const before = await cluster.view(oldOne('client'));
      const after = await cluster.view(newOne('client'));
      await cluster.report(newOne('tracker'), INSIDE);
      for (const viewer of [before, after]) await untilTold(viewer, 'enter', 1);
      await cluster.report(oldOne('tracker'), OUTSIDE);
      for (const viewer of [before, after]) await untilTold(viewer, 'exit', 1);
      await cluster.untilCounted({ positions: 3, events: 2, alerts: 2 });

      for (const role of ROLES) expect(await cluster.stop(oldOne(role))).toBe(0);
      await cluster.report(newOne('tracker'), INSIDE);
      await untilTold(after, 'enter', 2);
      await cluster.untilCounted({ positions: 4, events: 3, alerts: 3 });
      expect(await cluster.counts()).toEqual({ positions: 4, events: 3, alerts: 3 });
    });
  },
);
