import type { Branding, SettingsReply } from '@followme/contracts';
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { setLogo, updateSettings } from '../../api/settings.ts';
import { showBrand } from '../../brand/show-brand.ts';
import { BRANDING_KEY } from '../../brand/use-branding.ts';
import { chosenLanguage, pageLocale } from '../../browser/language.ts';
import { codeOf, refusalWords } from '../../forms/refusal.ts';
import { messages } from '../../messages/messages.ts';
import { showToast } from '../../ui/toasts.tsx';
import { noteMapToTry } from './map-to-try.ts';
import {
  type DraftFaults,
  faultsOf,
  onlyChanges,
  requestOf,
  type SettingsDraft,
} from './settings-draft.ts';

/** Where the saved settings are kept among what the server told. */
export const SETTINGS_KEY = ['settings'];
const DRAFT_KEY = ['settings-draft'];
const NO_DRAFT: SettingsDraft = {};

/** What became of saving. */
type SaveState =
  | { readonly kind: 'idle' | 'saving' | 'conflict' }
  | { readonly kind: 'failed'; readonly words: string };

/** The settings as they will be, and what can be done with them. */
export interface SettingsForm {
  readonly saved: SettingsReply;
  /** Only what differs from what is saved. */
  readonly draft: SettingsDraft;
  readonly isDirty: boolean;
  /** Empty until somebody tried to save. */
  readonly faults: DraftFaults;
  readonly state: SaveState;
  change(part: SettingsDraft): void;
  discard(): void;
  save(): void;
}

const brandingOf = ({ name, colour, logoUrl, language, map }: SettingsReply): Branding => ({
  name,
  colour,
  logoUrl,
  language,
  map,
});

/** The origin a page of these settings may fetch maps from; null for none. */
function mapOrigin({ map }: SettingsReply): string | null {
  return map.kind === 'style' && URL.canParse(map.url) ? new URL(map.url).origin : null;
}

/** Asks before the page is left with something unsaved. Within the page nothing is lost. */
function useLeavingGuard(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
}

async function send(draft: SettingsDraft, saved: SettingsReply): Promise<SettingsReply> {
  const body = requestOf(draft);
  const changed =
    body === null ? saved : await updateSettings({ ...body, ifVersion: saved.version });
  return draft.logo === undefined ? changed : setLogo(draft.logo?.image ?? null);
}

/** Whether the page must be loaded again to follow: for its language, or to be let to another map server. */
function needsReload(before: SettingsReply, after: SettingsReply): boolean {
  const isOtherLanguage =
    chosenLanguage() === null && after.language !== null && after.language !== pageLocale();
  return isOtherLanguage || (mapOrigin(after) !== null && mapOrigin(after) !== mapOrigin(before));
}

/** Holds what was changed, also while one looks elsewhere, and saves it. */
export function useSettingsForm(saved: SettingsReply): SettingsForm {
  const client = useQueryClient();
  const { data: kept = NO_DRAFT } = useQuery<SettingsDraft>({
    queryKey: DRAFT_KEY,
    queryFn: skipToken,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const [hasTried, setTried] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const [state, setState] = useState<SaveState>({ kind: 'idle' });
  const draft = onlyChanges(kept, saved);
  const isDirty = Object.keys(draft).length > 0;
  const faults = faultsOf(draft);
  useLeavingGuard(isDirty);
  useEffect(() => {
    if (isLeaving && !isDirty) window.location.reload();
  }, [isLeaving, isDirty]);

  function discard(): void {
    client.setQueryData(DRAFT_KEY, NO_DRAFT);
    setTried(false);
    setState({ kind: 'idle' });
  }

  async function save(): Promise<void> {
    setTried(true);
    if (Object.keys(faults).length > 0 || state.kind === 'saving') return;
    setState({ kind: 'saving' });
    try {
      const after = await send(draft, saved);
      client.setQueryData(SETTINGS_KEY, after);
      client.setQueryData(BRANDING_KEY, brandingOf(after));
      showBrand(brandingOf(after));
      discard();
      if (mapOrigin(after) !== null && draft.map !== undefined) noteMapToTry();
      if (needsReload(saved, after)) setLeaving(true);
      const { saved: title, savedText: text } = messages.settings.bar;
      showToast({ kind: 'ok', title, text });
    } catch (error) {
      const isConflict = codeOf(error) === 'SETTINGS_CHANGED';
      if (isConflict) await client.invalidateQueries({ queryKey: SETTINGS_KEY });
      setState(isConflict ? { kind: 'conflict' } : { kind: 'failed', words: wordsOf(error) });
    }
  }

  return {
    saved,
    draft,
    isDirty,
    faults: hasTried ? faults : {},
    state,
    change: (part) => client.setQueryData(DRAFT_KEY, { ...draft, ...part }),
    discard,
    save: () => void save(),
  };
}

function wordsOf(error: unknown): string {
  const { brand, map } = messages.settings;
  if (codeOf(error) === 'IMAGE_INVALID') return brand.logoBroken;
  if (codeOf(error) === 'MAP_FILE_UNKNOWN') return map.fileMissing;
  return refusalWords(error, messages.forms.failed);
}
