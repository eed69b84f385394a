/** `followme lanes`: which process reads which lane of the log, and how far. */
import { laneOwners, type LaneOwner } from '@followme/store';
import { Command } from 'commander';
import { lookIntoStore } from '../compose/with-store.ts';
import { EXIT, Refusal } from '../exit-code.ts';
import { readSettings, type SettingFlags } from '../settings.ts';
import { idleConsumers, isHeld } from './doctor-engines.ts';
import { withStoreOptions } from './options.ts';

/** The command. */
export function lanesCommand(): Command {
  const command = new Command('lanes').description(
    'Prints who reads which lane for whom, one line for each owner, or with --json one object a lane.',
  );
  return withStoreOptions(command)
    .option('--json', 'one JSON object for each lane')
    .action(async (flags: SettingFlags & { readonly json?: boolean }) => {
      const settings = readSettings(flags, process.env);
      const lanes = await lookIntoStore(settings, async (store, { present, ours }) => {
        if (store !== null) return store.asSystem(laneOwners);
        throw new Refusal(
          EXIT.wrongData,
          `The database has version ${present}, and this release works with ${ours}: use the release that runs on it.`,
        );
      });
      const lines = flags.json === true ? lanes.map((lane) => JSON.stringify(lane)) : tell(lanes);
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    });
}

/**
 * One line for each consumer and owner; of a consumer what nobody has stands first, since it is what one looks for,
 * and consumers that never had an owner stand before all.
 */
export function tell(lanes: readonly LaneOwner[]): string[] {
  const held = new Map<string, LaneOwner[]>();
  for (const lane of lanes) {
    const key = `${lane.consumer}\0${isHeld(lane) ? lane.owner : ''}`;
    held.set(key, [...(held.get(key) ?? []), lane]);
  }
  const idle = idleConsumers(lanes);
  const names = [...lanes.map(({ consumer }) => consumer), ...idle];
  const width = Math.max(...names.map((name) => name.length));
  const present = [...held]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const [first] = group;
      const who = first !== undefined && isHeld(first) ? first.owner : 'nobody';
      const numbers = group.map(({ lane }) => lane).join(',');
      return `${(first?.consumer ?? '').padEnd(width)}  ${String(group.length).padStart(2)} lanes  ${who}  [${numbers}]`;
    });
  return [...idle.map((name) => `${name.padEnd(width)}   0 lanes  nobody has begun`), ...present];
}
