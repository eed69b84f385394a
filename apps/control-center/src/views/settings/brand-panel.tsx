import { useState } from 'react';
import { SHIPPED_ACCENTS, deriveBrand } from '../../brand/derive-brand.ts';
import { MAX_NAME_CHARS, nameError } from '../../forms/check-name.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { BrandPreview } from './brand-preview.tsx';
import { LogoField } from './logo-field.tsx';
import { colourShown, faultsOf } from './settings-draft.ts';
import styles from './settings.module.css';
import type { SettingsForm } from './use-settings-form.ts';

interface Props {
  readonly form: SettingsForm;
}

const text = messages.settings.brand;

/** The address a logo is shown from: the new one, the saved one, or none. */
function logoShown({ draft, saved }: SettingsForm): string | null {
  if (draft.logo === undefined) return saved.logoUrl;
  return draft.logo === null ? null : `data:${draft.logo.type};base64,${draft.logo.image}`;
}

/** Name, logo and one colour, with what becomes of them. */
export function BrandPanel({ form }: Props) {
  const { saved, draft, faults, change } = form;
  const colour = colourShown(draft, saved);
  const words = messages.forms.nameError;
  const name = draft.name ?? saved.name;
  return (
    <div className={styles['columns']}>
      <Card className={styles['main']}>
        <div className={styles['fields']}>
          <TextField
            label={text.name}
            description={text.nameHint}
            value={name}
            maxLength={MAX_NAME_CHARS}
            onChange={(next) => change({ name: next })}
            errorMessage={faults.name === undefined ? undefined : nameError(name, words)}
          />
          <LogoField logoUrl={logoShown(form)} onChange={(logo) => change({ logo })} />
          <ColourField form={form} shown={colour} />
          <ColourNotes colour={colour} />
        </div>
      </Card>
      <Card title={text.preview} className={styles['aside']}>
        <BrandPreview
          name={name.trim() === '' ? saved.name : name}
          colour={colour}
          logoUrl={logoShown(form)}
        />
      </Card>
    </div>
  );
}

interface ColourProps extends Props {
  /** The colour in force, which the field may be on the way from. */
  readonly shown: string | null;
}

function ColourField({ form, shown }: ColourProps) {
  const { saved, draft, faults, change } = form;
  // whoever is still typing is not wrong yet
  const [hasLeft, setLeft] = useState(false);
  const fault = hasLeft ? faultsOf(draft).colour : faults.colour;
  const typed = draft.colour === undefined ? saved.colour : draft.colour;
  return (
    <div className={styles['colour']}>
      <input
        type="color"
        className={styles['swatch']}
        aria-label={text.colourPick}
        value={shown ?? SHIPPED_ACCENTS.light.button}
        onChange={(event) => change({ colour: event.target.value })}
      />
      <TextField
        className={styles['colourText']}
        label={text.colour}
        description={text.colourHint}
        placeholder={SHIPPED_ACCENTS.light.button}
        value={typed ?? ''}
        onChange={(next) => change({ colour: next === '' ? null : next })}
        onBlur={() => setLeft(true)}
        errorMessage={fault === undefined ? undefined : text.colourError}
      />
      {typed !== null && (
        <Button
          size="small"
          className={styles['colourShipped']}
          onPress={() => change({ colour: null })}
        >
          {text.colourShipped}
        </Button>
      )}
    </div>
  );
}

/** What had to be changed about a colour, and why. */
function ColourNotes({ colour }: { readonly colour: string | null }) {
  const { changed, usesInk } = deriveBrand(colour);
  const notes = [
    ...(changed.includes('light') ? [text.changedLight] : []),
    ...(changed.includes('dark') ? [text.changedDark] : []),
    ...(usesInk ? [text.usesInk] : []),
  ];
  return (
    <div className={styles['notes']} aria-live="polite">
      {notes.map((note) => (
        <Banner key={note} kind="warning" isLive={false}>
          {note}
        </Banner>
      ))}
    </div>
  );
}
