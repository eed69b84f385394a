/**
 * What everybody may know of the look of a host name. Asked by people who are not signed in and for every
 * page, so answers are kept for a moment and lookups stand in line like all work for strangers.
 */
import type { Branding } from '@followme/contracts';
import type { Clock, Metrics } from '@followme/platform';
import { getSettings, type Store, type TenantSettings } from '@followme/store';
import { createAdmission, type AdmissionLimits } from '../admission.ts';
import type { TenantResolver } from '../ports.ts';

const LOOKUPS: AdmissionLimits = { kind: 'branding', atOnce: 4, waiting: 256, waitMs: 3_000 };
/** How long another process may take to show what was changed here, ms. */
const KEPT_MS = 5_000;
/** Names of hosts come from strangers: as many as a large installation serves. */
const MAX_HOSTS = 1_000;

interface BrandingsDeps {
  readonly store: Store;
  readonly tenants: TenantResolver;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

export interface Brandings {
  /**
   * The look of a host name; null when no customer answers there.
   * @throws the error of a store that does not answer.
   */
  of(host: string): Promise<Branding | null | 'overloaded'>;
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

  const lookUp = async (host: string): Promise<Branding | null | 'overloaded'> => {
    const leave = await admission.enter();
    if (leave === null) return 'overloaded';
    try {
      const tenantId = await tenants.resolve(host);
      return tenantId === null ? null : toBranding(await store.asTenant(tenantId, getSettings));
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

  return {
    of(host) {
      const known = kept.get(host);
      if (known !== undefined && known.untilMs > clock.monotonicMs()) return known.branding;
      kept.delete(host);
      const branding = lookUp(host);
      keep(host, branding);
      return branding;
    },
    forget: () => kept.clear(),
  };
}
