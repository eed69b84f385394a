/**
 * The first login of an installation. The password is random, kept in a file of mode 0600 in the data folder
 * so that it can be shown at each start, and in the database only as a hash. Once the administrator has
 * changed it in the product, or may not log in any more, nothing is shown and the file may be deleted.
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

export interface FirstLogin {
  readonly tenantId: TenantId;
  readonly email: string;
  /** Null when the file with it is gone or the password in it opens nothing: then only the hash is left. */
  readonly password: string | null;
}

/**
 * Makes the provider's tenant and its administrator when there are none, and answers the login to show.
 * Safe to be killed at any moment: the file is written before the database hears of the password.
 */
export async function ensureFirstLogin(store: Store, dataFolder: string): Promise<FirstLogin> {
  const tenantId = await ensureProvider(store);
  const file = loginFile(dataFolder);
  const written = parseLogin(await readIfThere(file));
  const people = await store.asTenant(tenantId, listUsers);
  // whoever is disabled is there and must not be made again
  if (people.some(({ email }) => email === FIRST_EMAIL)) {
    const fits = written !== null && (await fitsFirst(store, tenantId, written));
    return { tenantId, email: FIRST_EMAIL, password: fits ? written : null };
  }
  const password = written ?? randomPassword(PASSWORD_LENGTH);
  await rememberFirstLogin(dataFolder, FIRST_EMAIL, password);
  await store.asTenant(tenantId, (tenant) =>
    createUser(tenant, {
      email: FIRST_EMAIL,
      name: 'Administrator',
      password,
      role: 'administrator',
      seesAll: true,
    }),
  );
  return { tenantId, email: FIRST_EMAIL, password };
}

/** Whether the first administrator may log in with this password. */
async function fitsFirst(store: Store, tenantId: TenantId, password: string): Promise<boolean> {
  const person = await store.asTenant(tenantId, (tenant) => findUserByEmail(tenant, FIRST_EMAIL));
  return verifyPassword(person?.passwordHash ?? null, password);
}

/** Writes the password to show at the next starts, when it is that of the first administrator. */
export async function rememberFirstLogin(
  dataFolder: string,
  email: string,
  password: string,
): Promise<void> {
  if (email.toLowerCase() !== FIRST_EMAIL) return;
  await writeSecret(loginFile(dataFolder), `${JSON.stringify({ email, password }, null, 2)}\n`);
}

async function ensureProvider(store: Store): Promise<TenantId> {
  return store.asSystem(async (system) => {
    const present = (await listTenants(system)).find(({ isProvider }) => isProvider);
    if (present !== undefined) return present.tenantId;
    const made = await createTenant(system, PROVIDER);
    if (!made.ok) throw new Error(`Cannot make the provider's tenant: ${made.error.code}`);
    return made.value;
  });
}

function parseLogin(text: string | null): string | null {
  if (text === null) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'password' in parsed) {
      return typeof parsed.password === 'string' ? parsed.password : null;
    }
  } catch {
    // a half-written file: the password in it was never used
  }
  return null;
}
