/** `followme tenant`: customers of the installation. */
import { randomPassword } from '@followme/platform';
import {
  createTenant,
  createUser,
  findUserByEmail,
  listTenants,
  setPassword,
  type Store,
} from '@followme/store';
import { Command } from 'commander';
import { PROVIDER_SLUG, rememberFirstLogin } from '../compose/first-login.ts';
import { withStore } from '../compose/with-store.ts';
import { readSettings, type SettingFlags } from '../settings.ts';
import { UsageError } from '../usage-error.ts';
import { withStoreOptions } from './options.ts';

const PASSWORD_LENGTH = 16;
/** Labels of letters, digits and dashes (RFC 1123), or an IPv4 address. */
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

interface CreateFlags extends Omit<SettingFlags, 'host'> {
  readonly slug: string;
  readonly name: string;
  readonly host: string[];
  readonly admin: string;
}

/** A running system notices a new tenant by itself within a second. */
export function tenantCommand(): Command {
  const tenant = new Command('tenant').description('Makes and lists customers (tenants).');
  const create = new Command('create')
    .description('Makes a tenant with its first administrator and prints the login once.')
    .requiredOption('--slug <slug>', 'short name: lower-case letters, digits, dashes')
    .requiredOption('--name <name>', 'name people see')
    .requiredOption('--admin <email>', 'e-mail of the first administrator')
    .requiredOption(
      '--host <name...>',
      'host names under which it is served; they lead to its login',
    );
  const password = new Command('password')
    .description('Gives somebody a new random password, prints it once and ends their sessions.')
    .requiredOption('--email <email>', 'whose')
    .option('--slug <slug>', 'of which tenant', PROVIDER_SLUG);
  const list = new Command('list').description('Prints the tenants, one JSON object a line.');
  tenant.addCommand(withStoreOptions(create).action(createOne));
  tenant.addCommand(withStoreOptions(password).action(setNewPassword));
  tenant.addCommand(withStoreOptions(list).action(listAll));
  return tenant;
}

async function createOne(flags: CreateFlags): Promise<void> {
  checkFlags(flags);
  const { host, ...rest } = flags;
  const settings = readSettings({ ...rest, host: '127.0.0.1' }, process.env);
  const password = randomPassword(PASSWORD_LENGTH);
  await withStore(settings, (store) => makeTenant(store, flags, password));
  process.stdout.write(
    `Tenant ${flags.slug} is made, served at ${host.join(', ')}.\nE-mail:   ${flags.admin}\n` +
      `Password: ${password}\n` +
      'The password is shown this once; only its hash is stored.\n',
  );
}

function checkFlags(flags: CreateFlags): void {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(flags.slug)) {
    throw new UsageError(
      `--slug: got "${flags.slug}", expected lower-case letters, digits and dashes.`,
    );
  }
  if (!/^\S+@\S+$/.test(flags.admin)) {
    throw new UsageError(`--admin: got "${flags.admin}", expected an e-mail address.`);
  }
  const badHost = flags.host.find((host) => !HOST_NAME.test(host));
  if (badHost !== undefined) {
    throw new UsageError(`--host: got "${badHost}", expected a host name like map.example.org.`);
  }
  if (flags.name.trim() === '' || flags.name.length > 100) {
    throw new UsageError('--name: expected 1 to 100 characters.');
  }
}

async function makeTenant(store: Store, flags: CreateFlags, password: string): Promise<void> {
  const made = await store.asSystem((system) =>
    createTenant(system, {
      slug: flags.slug,
      name: flags.name,
      hosts: flags.host,
      isProvider: false,
    }),
  );
  if (!made.ok) {
    const what = made.error.code === 'SLUG_TAKEN' ? 'a tenant' : 'a tenant with the host name';
    throw new UsageError(`There is ${what} ${made.error.value} already.`);
  }
  const user = {
    email: flags.admin,
    name: 'Administrator',
    password,
    role: 'administrator',
    seesAll: true,
  } as const;
  await store.asTenant(made.value, (tenant) => createUser(tenant, user));
}

interface PasswordFlags extends SettingFlags {
  readonly email: string;
  readonly slug: string;
}

async function setNewPassword(flags: PasswordFlags): Promise<void> {
  const settings = readSettings(flags, process.env);
  const password = randomPassword(PASSWORD_LENGTH);
  await withStore(settings, async (store) => {
    const tenants = await store.asSystem(listTenants);
    const found = tenants.find(({ slug }) => slug === flags.slug);
    if (found === undefined)
      throw new UsageError(`There is no tenant ${flags.slug}; see "tenant list".`);
    const isSet = await store.asTenant(found.tenantId, async (tenant) => {
      const user = await findUserByEmail(tenant, flags.email);
      return user !== null && setPassword(tenant, user.userId, password);
    });
    if (!isSet) throw new UsageError(`Nobody in ${flags.slug} has the e-mail ${flags.email}.`);
  });
  if (flags.slug === PROVIDER_SLUG)
    await rememberFirstLogin(settings.dataFolder, { email: flags.email, password });
  process.stdout.write(`Password: ${password}\nAll sessions of ${flags.email} have ended.\n`);
}

async function listAll(flags: SettingFlags): Promise<void> {
  const settings = readSettings(flags, process.env);
  for (const tenant of await withStore(settings, (store) => store.asSystem(listTenants))) {
    process.stdout.write(`${JSON.stringify(tenant)}\n`);
  }
}
