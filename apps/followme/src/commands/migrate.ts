/** `followme migrate`: brings the database up to date without starting the system. */
import { listTenants } from '@followme/store';
import { Command } from 'commander';
import { withStore } from '../compose/with-store.ts';
import { readSettings, type SettingFlags } from '../settings.ts';
import { withStoreOptions } from './options.ts';

export function migrateCommand(): Command {
  const command = new Command('migrate').description(
    'Brings the database to the form this release expects. Every start does the same; run it before,\n' +
      'when an upgrade should not wait for it.',
  );
  return withStoreOptions(command).action(async (flags: SettingFlags) => {
    const settings = readSettings(flags, process.env);
    const tenants = await withStore(settings, (store) => store.asSystem(listTenants));
    process.stdout.write(`The database is up to date; it holds ${tenants.length} tenant(s).\n`);
  });
}
