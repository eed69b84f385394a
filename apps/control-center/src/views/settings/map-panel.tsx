import type { BaseMap } from '@followme/contracts';
import { useEffect, useState } from 'react';
import type { StreetFault } from '../../map/street-parts.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { forgetMapToTry, isMapToTry } from './map-to-try.ts';
import styles from './settings.module.css';
import type { SettingsForm } from './use-settings-form.ts';

interface Props {
  readonly form: SettingsForm;
}

const text = messages.settings.map;

const KINDS = [
  { id: 'builtIn', label: text.builtIn, detail: text.builtInDetail },
  { id: 'file', label: text.file, detail: text.fileDetail },
  { id: 'style', label: text.style, detail: text.styleDetail },
] as const;

/** A map of a kind, as full as what is known: what was saved, else the first file there is. */
function mapOfKind(kind: string, { saved }: SettingsForm): BaseMap {
  if (saved.map.kind === kind) return saved.map;
  if (kind === 'file') return { kind, file: saved.mapFiles[0] ?? '' };
  return kind === 'style' ? { kind, url: '' } : { kind: 'builtIn' };
}

/** Which map lies under everything, in plain words, and whether it works. */
export function MapPanel({ form }: Props) {
  const { saved, draft, change } = form;
  const map = draft.map ?? saved.map;
  return (
    <Card>
      <div className={styles['fields']}>
        <SavedTrial form={form} />
        <RadioGroup
          label={text.kind}
          items={KINDS}
          value={map.kind}
          onChange={(kind) => change({ map: mapOfKind(kind, form) })}
        />
        {map.kind === 'file' && <FileChoice form={form} file={map.file} />}
        {map.kind === 'style' && <StyleChoice form={form} url={map.url} />}
      </div>
    </Card>
  );
}

function FileChoice({ form, file }: Props & { readonly file: string }) {
  const { saved, faults, change } = form;
  const isGone = file !== '' && !saved.mapFiles.includes(file);
  const fault = faults.mapFile === undefined ? undefined : text.fileMissing;
  if (saved.mapFiles.length === 0) {
    return (
      <Banner kind="info" title={text.fileNone} isLive={false}>
        {text.fileNoneText}
      </Banner>
    );
  }
  return (
    <>
      <Select
        label={text.fileLabel}
        description={text.folderHint}
        items={saved.mapFiles.map((name) => ({ id: name, label: name }))}
        value={isGone || file === '' ? null : file}
        onChange={(next) => change({ map: { kind: 'file', file: next } })}
        errorMessage={isGone ? text.fileGone(file) : fault}
      />
      {!isGone && file !== '' && <Trial key={file} map={{ kind: 'file', file }} />}
    </>
  );
}

function StyleChoice({ form, url }: Props & { readonly url: string }) {
  const { saved, draft, faults, change } = form;
  return (
    <>
      <TextField
        label={text.url}
        description={text.urlHint}
        type="url"
        placeholder="https://"
        value={url}
        maxLength={2_000}
        onChange={(next) => change({ map: { kind: 'style', url: next } })}
        errorMessage={faults.mapUrl === undefined ? undefined : text.urlError}
      />
      {draft.map === undefined && saved.map.kind === 'style' ? (
        <Trial map={saved.map} />
      ) : (
        <p className={styles['note']}>{text.tryAfterSaving}</p>
      )}
    </>
  );
}

type Outcome = StreetFault | 'works';

/** The map engine is large and loaded for the live view: the trial borrows its reader. */
async function tryMap(map: BaseMap): Promise<Outcome> {
  try {
    const { tryStreetMap } = await import('../../map/street-map.ts');
    return (await tryStreetMap(map)) ?? 'works';
  } catch {
    return 'unreachable';
  }
}

/** Fetches a map and says whether it can be drawn. */
function Trial({ map }: { readonly map: BaseMap }) {
  const [outcome, setOutcome] = useState<Outcome | 'trying' | null>(null);

  async function start(): Promise<void> {
    setOutcome('trying');
    setOutcome(await tryMap(map));
  }

  return (
    <div className={styles['trial']}>
      <Button isPending={outcome === 'trying'} onPress={() => void start()}>
        {text.try}
      </Button>
      <span role="status">{wordsOf(outcome)}</span>
    </div>
  );
}

function wordsOf(outcome: Outcome | 'trying' | null): string {
  if (outcome === null) return '';
  if (outcome === 'trying') return text.trying;
  return outcome === 'works' ? text.works : text.fault[outcome];
}

/** After saving a map from another server and loading the page again: whether it works, and the way back. */
function SavedTrial({ form }: Props) {
  const { saved, change } = form;
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const { map } = saved;
  useEffect(() => {
    if (map.kind !== 'style' || !isMapToTry()) return undefined;
    let isGone = false;
    void tryMap(map).then((found) => {
      if (isGone) return;
      forgetMapToTry();
      setOutcome(found);
    });
    return () => {
      isGone = true;
    };
  }, [map]);
  if (outcome === null || map.kind !== 'style') return null;
  if (outcome === 'works') return <Banner kind="ok" title={text.savedWorks} />;
  return (
    <Banner
      kind="warning"
      title={text.savedFails}
      action={
        <Button size="small" onPress={() => change({ map: { kind: 'builtIn' } })}>
          {text.goBack}
        </Button>
      }
    >
      {text.fault[outcome]} {text.savedFailsText}
    </Banner>
  );
}
