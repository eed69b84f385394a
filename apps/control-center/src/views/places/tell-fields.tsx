import type { Severity } from '@followme/contracts';
import { LogIn, LogOut } from 'lucide-react';
import { useMemo } from 'react';
import { usePeople, useWebhooks } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { MultiSelect } from '../../ui/multi-select.tsx';
import { Select } from '../../ui/select.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { PlaceForm } from './place-form.ts';
import styles from './place-editor.module.css';

const text = messages.places;
const SEVERITIES = ['critical', 'high', 'medium', 'info'] as const satisfies readonly Severity[];
const PERSON = 'person-';
const WEBHOOK = 'webhook-';

interface Props {
  readonly form: PlaceForm;
  readonly onChange: (change: Partial<PlaceForm>) => void;
}

const idsWith = (prefix: string, ids: readonly string[]): number[] =>
  ids.filter((id) => id.startsWith(prefix)).map((id) => Number(id.slice(prefix.length)));

/** What the place tells, how loud, and who hears of it besides the control room. */
export function TellFields({ form, onChange }: Props) {
  const isTelling = form.enters || form.leaves;
  return (
    <fieldset className={styles['tell']}>
      <legend className={styles['legend']}>{text.tellTitle}</legend>
      <Switch
        icon={<LogIn size={16} aria-hidden="true" />}
        isSelected={form.enters}
        onChange={(enters) => onChange({ enters })}
      >
        {text.enters}
      </Switch>
      <Switch
        icon={<LogOut size={16} aria-hidden="true" />}
        isSelected={form.leaves}
        onChange={(leaves) => onChange({ leaves })}
      >
        {text.leaves}
      </Switch>
      {isTelling && <Loudness form={form} onChange={onChange} />}
      {isTelling && <Hearers form={form} onChange={onChange} />}
    </fieldset>
  );
}

function Loudness({ form, onChange }: Props) {
  const { severities, severityText } = messages.rules;
  return (
    <Select
      label={text.severity}
      description={severityText[form.severity]}
      items={SEVERITIES.map((severity) => ({
        id: severity,
        label: severities[severity],
        icon: <SeverityGlyph severity={severity} size={16} />,
      }))}
      value={form.severity}
      onChange={(id) => {
        const severity = SEVERITIES.find((one) => one === id);
        if (severity !== undefined) onChange({ severity });
      }}
    />
  );
}

function Hearers({ form, onChange }: Props) {
  const people = usePeople();
  const webhooks = useWebhooks();
  const items = useMemo(
    () => [
      ...(people.data ?? []).map(({ id, name, email }) => ({
        id: `${PERSON}${id}`,
        label: name,
        detail: email,
      })),
      ...(webhooks.data ?? []).map(({ id, name }) => ({
        id: `${WEBHOOK}${id}`,
        label: name,
        detail: text.webhook,
      })),
    ],
    [people.data, webhooks.data],
  );
  // who is gone, or not loaded yet, is kept but not shown as a number
  const known = new Set(items.map(({ id }) => id));
  const value = [
    ...form.recipientIds.map((id) => `${PERSON}${id}`),
    ...form.webhookIds.map((id) => `${WEBHOOK}${id}`),
  ];
  return (
    <MultiSelect
      label={text.whoHears}
      description={text.whoHearsHint}
      placeholder={text.addHearer}
      items={items}
      value={value.filter((id) => known.has(id))}
      onChange={(ids) =>
        onChange({ recipientIds: idsWith(PERSON, ids), webhookIds: idsWith(WEBHOOK, ids) })
      }
    />
  );
}
