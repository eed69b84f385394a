/**
 * What everybody may know of the look of a host name. Asked by people who are not signed in and for every
 * page, so answers are kept for a moment and lookups stand in line like all work for strangers.
 */
import type { Branding } from '@followme/contracts';
import type { Clock, Metrics } from '@followme/platform';
import {
  getLogo,
  getSettings,
  type Logo,
  type Store,
  type TenantScope,
  type TenantSettings,
} from '@followme/store';
import { createAdmission, type AdmissionLimits } from '../admission.ts';
import type { TenantResolver } from '../ports.ts';

const LOOKUPS: AdmissionLimits = {
  kind: 'branding',
  atOnce: 4,
  perTenant: 3,
  waiting: 256,
  waitMs: 3_000,
};
/** How long another process may take to show what was changed here, ms; within what is promised for permissions. */
const KEPT_MS = 1_000;
/** Names of hosts come from strangers: as many as a large installation serves. */
const MAX_HOSTS = 1_000;
/** Logos that are kept, of `MAX_LOGO_BYTES` at most each. */
const MAX_LOGOS = 64;

interface BrandingsDeps {
  readonly store: Store;
  readonly tenants: TenantResolver;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** A logo and the version of the settings it belongs to. */
type VersionedLogo = Logo & { readonly version: number };

export interface Brandings {
  /**
   * The look of a host name; null when no customer answers there.
   * @throws the error of a store that does not answer.
   */
  of(host: string): Promise<Branding | null | 'overloaded'>;
  /**
   * The logo of a host name and the version of the settings it belongs to; null when it has none.
   * @throws the error of a store that does not answer.
   */
  logoOf(host: string): Promise<VersionedLogo | null | 'overloaded'>;
  /** Lets go of all answers, after a change. */
  forget(): void;
}

/** Where the logo of these settings is; its address changes with every change of the settings. */
function logoUrlOf({ hasLogo, version }: TenantSettings): string | null {
  return hasLogo ? `/brand/logo?v=${version}` : null;
}

/** What everybody may know of these settings. */
export function toBranding(settings: TenantSettings): Branding {
  const { brandName, tenantName, brandColour, language, map } = settings;
  return {
    name: brandName ?? tenantName,
    colour: brandColour,
    logoUrl: logoUrlOf(settings),
    language,
    map,
  };
}

interface Kept {
  readonly untilMs: number;
  readonly branding: Promise<Branding | null | 'overloaded'>;
}

/** Looks of host names, each kept for a moment. */
export function createBrandings(deps: BrandingsDeps): Brandings {
  const { store, tenants, clock } = deps;
  const admission = createAdmission(deps, LOOKUPS);
  const kept = new Map<string, Kept>();
  const logos = new Map<string, Promise<VersionedLogo | null | 'overloaded'>>();

  /** Asks the store about the customer of a host name when it is this stranger's turn. */
  const lookUp = async <T>(
    host: string,
    read: (tenant: TenantScope) => Promise<T>,
  ): Promise<T | null | 'overloaded'> => {
    const leave = await admission.enter({ tenant: host, person: '' });
    if (leave === null) return 'overloaded';
    try {
      const tenantId = await tenants.resolve(host);
      return tenantId === null ? null : await store.asTenant(tenantId, read);
    } finally {
      leave();
    }
  };

  const keep = (host: string, branding: Kept['branding']): void => {
    const oldest = kept.keys().next();
    if (kept.size >= MAX_HOSTS && oldest.done === false) kept.delete(oldest.value);
    const entry = { untilMs: clock.monotonicMs() + KEPT_MS, branding };
    kept.set(host, entry);
    const drop = () => {
      if (kept.get(host) === entry) kept.delete(host);
    };
    branding.then((answer) => answer === 'overloaded' && drop(), drop);
  };

  const of: Brandings['of'] = (host) => {
    const known = kept.get(host);
    if (known !== undefined && known.untilMs > clock.monotonicMs()) return known.branding;
    kept.delete(host);
    const branding = lookUp(host, async (tenant) => toBranding(await getSettings(tenant)));
    keep(host, branding);
    return branding;
  };

  /** Kept until others push it out: its address, and with it the name it is kept under, is of one version. */
  const keepLogo = (name: string, logo: Promise<VersionedLogo | null | 'overloaded'>): void => {
    const oldest = logos.keys().next();
    if (logos.size >= MAX_LOGOS && oldest.done === false) logos.delete(oldest.value);
    logos.set(name, logo);
    const drop = () => {
      if (logos.get(name) === logo) logos.delete(name);
    };
    logo.then((answer) => (answer === null || answer === 'overloaded') && drop(), drop);
  };

  return {
    of,
    async logoOf(host) {
      const branding = await of(host);
      if (branding === null || branding === 'overloaded') return branding;
      if (branding.logoUrl === null) return null;
      const name = `${host} ${branding.logoUrl}`;
      const known = logos.get(name);
      if (known !== undefined) return known;
      const logo = lookUp(host, getLogo);
      keepLogo(name, logo);
      return logo;
    },
    forget() {
      kept.clear();
      logos.clear();
    },
  };
}
