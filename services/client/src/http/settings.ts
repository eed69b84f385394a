/** How a customer wants to look: brand, logo, map and language, changed by its administrators. */
import {
  LogoBodySchema,
  MAX_LOGO_BYTES,
  SettingsSchema,
  UpdateSettingsBodySchema,
  type BaseMap,
  type SettingsReply,
} from '@followme/contracts';
import { getSettings, setLogo, updateSettings, type TenantSettings } from '@followme/store';
import { answer, refuse } from './answer.ts';
import { toBranding, type Brandings } from './brandings.ts';
import type { HttpDeps } from './deps.ts';
import { given } from './given.ts';
import { imageTypeOf } from './image-type.ts';
import { listMapFiles } from './map-files.ts';
import { defineRoute, type Route } from './route.ts';
import { styleOriginOf } from './style-origin.ts';

interface SettingsDeps extends Pick<HttpDeps, 'config'> {
  readonly brandings: Brandings;
}

const TAG = 'settings';
const PATH = '/api/settings';
/** The largest logo as text, and what is around it. */
const LOGO_BODY_BYTES = 2 * MAX_LOGO_BYTES;

/** The routes of this file. */
export function settingsRoutes(deps: SettingsDeps): readonly Route[] {
  return [getRoute(deps), updateRoute(deps), logoRoute(deps)];
}

async function toReply(settings: TenantSettings, deps: SettingsDeps): Promise<SettingsReply> {
  const mapFiles = await listMapFiles(deps.config.mapsDir);
  return { ...toBranding(settings), version: settings.version, mapFiles };
}

function getRoute(deps: SettingsDeps): Route {
  return defineRoute({
    method: 'GET',
    url: PATH,
    access: 'administrator',
    summary: 'How this customer looks, and the map files there are',
    tag: TAG,
    reply: SettingsSchema,
    handle: async ({ caller }) => answer(await toReply(await caller.inTenant(getSettings), deps)),
  });
}

/** Why a map cannot be used; null when it can. */
async function refusalOfMap(map: BaseMap | undefined, deps: SettingsDeps) {
  switch (map?.kind) {
    case undefined:
    case 'builtIn':
      return null;
    case 'file': {
      const files = await listMapFiles(deps.config.mapsDir);
      return files.includes(map.file) ? null : refuse('MAP_FILE_UNKNOWN');
    }
    case 'style':
      if (styleOriginOf(map.url) !== null) return null;
      return refuse('VALIDATION_FAILED', {
        path: '/body/map/url',
        detail: 'map/url must be an address a browser can open, without a login in it',
      });
  }
}

function updateRoute(deps: SettingsDeps): Route {
  return defineRoute({
    method: 'PATCH',
    url: PATH,
    access: 'administrator',
    summary: 'Changes what is sent and leaves the rest; null goes back to what we ship',
    tag: TAG,
    body: UpdateSettingsBodySchema,
    reply: SettingsSchema,
    async handle({ caller, body }) {
      const refusal = await refusalOfMap(body.map, deps);
      if (refusal !== null) return refusal;
      const { name, colour, ...rest } = body;
      const change = given({
        ...rest,
        brandName: name === null ? null : name?.trim(),
        brandColour: colour,
      });
      const updated = await caller.inTenant((tenant) => updateSettings(tenant, change));
      if (!updated.ok) return refuse(updated.error.code);
      deps.brandings.forget();
      return answer(await toReply(updated.value, deps));
    },
  });
}

/** The image a request carries; null takes the logo away. */
function logoOf(image: string | null) {
  if (image === null) return { ok: true, logo: null } as const;
  const bytes = Buffer.from(image, 'base64');
  const type = imageTypeOf(bytes);
  if (type === null || bytes.length > MAX_LOGO_BYTES) return { ok: false } as const;
  return { ok: true, logo: { bytes, type } } as const;
}

function logoRoute(deps: SettingsDeps): Route {
  return defineRoute({
    method: 'POST',
    url: `${PATH}/logo`,
    access: 'administrator',
    summary: 'Sets the logo, or with null takes it away',
    tag: TAG,
    body: LogoBodySchema,
    bodyLimit: LOGO_BODY_BYTES,
    reply: SettingsSchema,
    async handle({ caller, body }) {
      const sent = logoOf(body.image);
      if (!sent.ok) return refuse('IMAGE_INVALID');
      const settings = await caller.inTenant((tenant) => setLogo(tenant, sent.logo));
      deps.brandings.forget();
      return answer(await toReply(settings, deps));
    },
  });
}
