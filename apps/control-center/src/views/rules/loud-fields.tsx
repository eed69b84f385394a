import { messages } from '../../messages/messages.ts';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { SEVERITY_LADDER } from './rule-form.ts';
import type { RuleFieldsProps } from './rule-fields.ts';

const text = messages.rules;

/** The ladder of severities, each with what it means for the screen and the ear. */
export function LoudFields({ form: filled, onChange }: RuleFieldsProps) {
  return (
    <RadioGroup
      label={text.ladder}
      items={SEVERITY_LADDER.map((id) => ({
        id,
        label: text.severities[id],
        detail: text.severityText[id],
        icon: <SeverityGlyph severity={id} />,
      }))}
      value={filled.severity}
      onChange={(id) => {
        const severity = SEVERITY_LADDER.find((one) => one === id);
        if (severity !== undefined) onChange({ severity });
      }}
    />
  );
}
