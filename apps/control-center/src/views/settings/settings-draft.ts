/** What an administrator has changed but not saved: pure, so that it can be kept, compared and sent. */
import type { BaseMap, Language, SettingsReply, UpdateSettingsBody } from '@followme/contracts';
import { nameFault, type NameFault } from '../../forms/check-name.ts';

/** A logo that is not on the server yet. */
export interface NewLogo {
  /** Bytes as Base64. */
  readonly image: string;
  /** Content type, for showing it. */
  readonly type: string;
}

/** The fields that were touched; all others are as saved. */
export interface SettingsDraft {
  /** As typed; empty goes back to the name of the organisation. */
  readonly name?: string;
  /** As typed; null is ours. */
  readonly colour?: string | null;
  /** Null takes the logo away. */
  readonly logo?: NewLogo | null;
  readonly map?: BaseMap;
  readonly language?: Language | null;
}

/** What is wrong with a draft, by field. */
export interface DraftFaults {
  readonly name?: NameFault;
  readonly colour?: 'form';
  readonly mapFile?: 'missing';
  readonly mapUrl?: 'form';
}

const COLOUR = /^#[0-9a-f]{6}$/;

/** A colour as people type it (`#ABC`, `2b59d9`) as the server takes it; null when it is none. */
export function parseColour(typed: string): string | null {
  const bare = typed.trim().toLowerCase().replace(/^#/, '');
  const long = /^[0-9a-f]{3}$/.test(bare) ? bare.replace(/./g, '$&$&') : bare;
  const colour = `#${long}`;
  return COLOUR.test(colour) ? colour : null;
}

/** Whether an address can be that of a map style; the server decides again. */
function isStyleUrl(url: string): boolean {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username === '' && password === '';
}

function isSameMap(a: BaseMap, b: BaseMap): boolean {
  if (a.kind === 'file') return b.kind === 'file' && a.file === b.file;
  if (a.kind === 'style') return b.kind === 'style' && a.url === b.url;
  return b.kind === 'builtIn';
}

/** A draft without what is as saved. */
export function onlyChanges(draft: SettingsDraft, saved: SettingsReply): SettingsDraft {
  const { name, colour, logo, map, language } = draft;
  return {
    ...(name === undefined || name.trim() === saved.name ? {} : { name }),
    ...(colour === undefined || colour === saved.colour ? {} : { colour }),
    ...(logo === undefined || (logo === null && saved.logoUrl === null) ? {} : { logo }),
    ...(map === undefined || isSameMap(map, saved.map) ? {} : { map }),
    ...(language === undefined || language === saved.language ? {} : { language }),
  };
}

/** What must be put right before a draft can be saved. */
export function faultsOf(draft: SettingsDraft): DraftFaults {
  const { name, colour, map } = draft;
  // without a name of its own the brand has that of the organisation
  const wrongName = name === undefined || name.trim() === '' ? null : nameFault(name);
  return {
    ...(wrongName === null ? {} : { name: wrongName }),
    ...(typeof colour === 'string' && parseColour(colour) === null ? { colour: 'form' } : {}),
    ...(map?.kind === 'file' && map.file === '' ? { mapFile: 'missing' } : {}),
    ...(map?.kind === 'style' && !isStyleUrl(map.url.trim()) ? { mapUrl: 'form' } : {}),
  };
}

/** What a draft without faults asks of the server, but for the logo; null when only that changes or nothing. */
export function requestOf(draft: SettingsDraft): UpdateSettingsBody | null {
  const { name, colour, map, language } = draft;
  const body: UpdateSettingsBody = {
    ...(name === undefined ? {} : { name: name.trim() === '' ? null : name.trim() }),
    ...(colour === undefined ? {} : { colour: colour === null ? null : parseColour(colour) }),
    ...(map === undefined
      ? {}
      : { map: map.kind === 'style' ? { ...map, url: map.url.trim() } : map }),
    ...(language === undefined ? {} : { language }),
  };
  return Object.keys(body).length === 0 ? null : body;
}

/** The colour a draft shows now: the last one that is one, else the saved one. */
export function colourShown(draft: SettingsDraft, saved: SettingsReply): string | null {
  if (draft.colour === undefined) return saved.colour;
  return draft.colour === null ? null : (parseColour(draft.colour) ?? saved.colour);
}
