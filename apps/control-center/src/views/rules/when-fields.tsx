import { ManyField } from '../../forms/many-field.tsx';
import { useFences } from '../../hooks/use-fences.ts';
import { messages } from '../../messages/messages.ts';
import { NumberField } from '../../ui/number-field.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { SegmentedControl } from '../../ui/segmented-control.tsx';
import { CheckList } from './check-list.tsx';
import { ALARM_NAMES } from './rule-form.ts';
import type { RuleFieldsProps } from './rule-fields.ts';
import form from '../../forms/form.module.css';

const text = messages.rules;
const KINDS = ['fence', 'alarm', 'silent'] as const;
const TRANSITIONS = ['enter', 'exit'] as const;
const WEEK_MIN = 10_080;

/** What sets it off. */
export function WhenFields(props: RuleFieldsProps) {
  const { kind } = props.form;
  return (
    <div className={form['form']}>
      <SegmentedControl
        label={text.whatKind}
        isLabelHidden
        items={KINDS.map((id) => ({ id, label: text.kinds[id] }))}
        value={kind}
        onChange={(next) => props.onChange({ kind: next })}
        description={text.kindText[kind]}
      />
      {kind === 'fence' && <PlaceFields {...props} />}
      {kind === 'alarm' && <AlarmFields {...props} />}
      {kind === 'silent' && <SilentFields {...props} />}
    </div>
  );
}

function PlaceFields({ form: filled, onChange, errors }: RuleFieldsProps) {
  const fences = useFences();
  const places = fences.data ?? [];
  return (
    <>
      <CheckList
        label={text.transitionsLabel}
        items={TRANSITIONS.map((id) => ({ id, label: text.transitions[id] }))}
        value={filled.on}
        onChange={(on) => onChange({ on })}
        errorMessage={errors('transitions')}
      />
      <RadioGroup
        label={text.whichPlaces}
        items={[
          { id: 'chosen', label: text.chosenPlaces },
          { id: 'any', label: text.anyPlaceChoice },
        ]}
        value={filled.anyPlace ? 'any' : 'chosen'}
        onChange={(id) => onChange({ anyPlace: id === 'any' })}
      />
      {!filled.anyPlace && (
        <ManyField
          label={text.places}
          placeholder={text.addPlace}
          items={places.map(({ id, name }) => ({ id, label: name }))}
          value={filled.placeIds}
          onChange={(placeIds) => onChange({ placeIds })}
          goneLabel={text.sentence.gonePlace}
          errorMessage={errors('places')}
          description={fences.isSuccess && places.length === 0 ? text.noPlaces : undefined}
        />
      )}
    </>
  );
}

function AlarmFields({ form: filled, onChange, errors }: RuleFieldsProps) {
  return (
    <CheckList
      label={text.alarmsLabel}
      items={ALARM_NAMES.map((id) => ({ id, label: text.alarms[id] }))}
      value={filled.alarms}
      onChange={(alarms) => onChange({ alarms })}
      errorMessage={errors('alarms')}
      description={filled.alarms.includes('sos') ? text.sosHint : undefined}
    />
  );
}

function SilentFields({ form: filled, onChange, errors }: RuleFieldsProps) {
  return (
    <NumberField
      label={text.silentAfter}
      value={filled.silentMin}
      onChange={(silentMin) => onChange({ silentMin })}
      minValue={1}
      maxValue={WEEK_MIN}
      unit={text.minutes}
      description={text.silentHint}
      errorMessage={errors('silent')}
    />
  );
}
