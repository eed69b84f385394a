/**
 * The first login of an installation, made once however many processes start at the same time. With a data folder
 * the random password is kept in a file of mode 0600 in it, so that it can be shown at each start; without one it is
 * shown once, by the process that made it. The database has only its hash. Once the administrator has changed it in
 * the product, or may not log in any more, nothing is shown and the file may be deleted.
 */
import type { TenantId } from '@followme/model';
import { randomPassword } from '@followme/platform';
import {
  createTenant,
  createUser,
  findUserByEmail,
  listTenants,
  listUsers,
  verifyPassword,
  type Store,
} from '@followme/store';
import { loginFile, readIfThere, writeSecret } from './data-folder.ts';

const FIRST_EMAIL = 'admin@followme.local';
const PASSWORD_LENGTH = 16;
/** Short name of the tenant that runs the installation. */
export const PROVIDER_SLUG = 'provider';
const PROVIDER = { slug: PROVIDER_SLUG, name: 'Follow Me', hosts: [], isProvider: true } as const;

/** What is to be said of the first login. */
export interface FirstLogin {
  readonly tenantId: TenantId;
  /** Null when nobody can say which of the administrators was the first. */
  readonly email: string | null;
  /** The password to show; null when only its hash is left, or the operator chose it and knows it. */
  readonly password: string | null;
  /** This start made it. */
  readonly isNew: boolean;
}

export interface FirstLoginPlace {
  readonly store: Store;
  /** Where the password is kept; null keeps it nowhere. */
  readonly dataFolder: string | null;
  /** What the operator wants it to be, for the start that makes it. */
  readonly wanted: FirstLoginWish;
}

export interface FirstLoginWish {
  readonly email: string | null;
  readonly password: string | null;
}

interface Login {
  readonly email: string;
  readonly password: string;
}

/**
 * Makes the provider's tenant and its administrator when there are none, and answers the login to show.
 * Safe to be killed at any moment: the file is written before the database hears of the password.
 */
export async function ensureFirstLogin(place: FirstLoginPlace): Promise<FirstLogin> {
  const { store, dataFolder, wanted } = place;
  const tenantId = await ensureProvider(store);
  const written = dataFolder === null ? null : await readLogin(dataFolder);
  const known = await knownLogin(store, tenantId, written);
  if (known !== null) return known;
  const login = {
    email: wanted.email ?? written?.email ?? FIRST_EMAIL,
    password: wanted.password ?? written?.password ?? randomPassword(PASSWORD_LENGTH),
  };
  // what the operator chose is for the operator to keep
  if (dataFolder !== null && wanted.password === null) await writeLogin(dataFolder, login);
  if (!(await makeAdministrator(store, tenantId, login))) {
    return { tenantId, email: null, password: null, isNew: false };
  }
  const password = wanted.password === null ? login.password : null;
  return { tenantId, email: login.email, password, isNew: true };
}

/** Whoever is disabled is there and must not be made again. */
async function makeAdministrator(store: Store, tenantId: TenantId, login: Login): Promise<boolean> {
  return store.asTenant(tenantId, async (tenant) => {
    // processes that start together wait here for the first of them
    await tenant.db
      .selectFrom('followme.tenant')
      .select('id')
      .where('id', '=', tenantId)
      .forUpdate()
      .execute();
    if ((await listUsers(tenant)).length > 0) return false;
    const made = await createUser(tenant, {
      ...login,
      name: 'Administrator',
      role: 'administrator',
      seesAll: true,
    });
    return made.ok;
  });
}

/** What is to be said at a later start; null when there is nobody yet. */
async function knownLogin(
  store: Store,
  tenantId: TenantId,
  written: Login | null,
): Promise<FirstLogin | null> {
  const people = await store.asTenant(tenantId, listUsers);
  if (people.length === 0) return null;
  const usual = people.find(({ email }) => email === FIRST_EMAIL)?.email ?? null;
  const fits = written !== null && (await opensDoor(store, tenantId, written));
  const password = fits ? written.password : null;
  return { tenantId, email: written?.email ?? usual, password, isNew: false };
}

/** Whether somebody may log in with this. */
async function opensDoor(store: Store, tenantId: TenantId, login: Login): Promise<boolean> {
  const person = await store.asTenant(tenantId, (tenant) => findUserByEmail(tenant, login.email));
  return verifyPassword(person?.passwordHash ?? null, login.password);
}

/** Writes the password to show at the next starts, when it is that of the login which is shown. */
export async function rememberFirstLogin(dataFolder: string, login: Login): Promise<void> {
  const written = await readLogin(dataFolder);
  if (written?.email.toLowerCase() !== login.email.toLowerCase()) return;
  await writeLogin(dataFolder, login);
}

async function writeLogin(dataFolder: string, { email, password }: Login): Promise<void> {
  await writeSecret(loginFile(dataFolder), `${JSON.stringify({ email, password }, null, 2)}\n`);
}

async function ensureProvider(store: Store): Promise<TenantId> {
  const made = await store.asSystem(async (system) => {
    const present = (await listTenants(system)).find(({ isProvider }) => isProvider);
    if (present !== undefined) return present.tenantId;
    const made = await createTenant(system, PROVIDER);
    return made.ok ? made.value : null;
  });
  // another process was first: its tenant is there for whoever looks after it
  const tenants = made === null ? await store.asSystem(listTenants) : [];
  const tenantId = made ?? tenants.find(({ isProvider }) => isProvider)?.tenantId;
  if (tenantId === undefined) {
    throw new Error(`Another tenant has the short name "${PROVIDER_SLUG}" of the provider's.`);
  }
  return tenantId;
}

async function readLogin(dataFolder: string): Promise<Login | null> {
  const text = await readIfThere(loginFile(dataFolder));
  if (text === null) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return null;
    const email: unknown = Reflect.get(parsed, 'email');
    const password: unknown = Reflect.get(parsed, 'password');
    if (typeof email === 'string' && typeof password === 'string') return { email, password };
  } catch {
    // a half-written file: the password in it was never used
  }
  return null;
}
