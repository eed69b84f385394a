import { Clock } from 'lucide-react';
import { useState } from 'react';
import { Kbd } from '../../ui/kbd.tsx';
import { MultiSelect } from '../../ui/multi-select.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea, TextField } from '../../ui/text-field.tsx';
import { ARABIC_NAME, CHOICES, EMOJI_NAME, LONG_NAME } from './samples.ts';
import { Specimen, SpecimenSection } from './specimen.tsx';

const NAME_LIMIT = 80;
const REFUSED = 'There is a place with this name already. Choose another.';

/** What people fill in. */
export function FieldsSection() {
  return (
    <SpecimenSection id="fields" title="Fields">
      <TextFields />
      <NumbersAndSearch />
      <Selects />
      <MultiSelects />
    </SpecimenSection>
  );
}

function TextFields() {
  const [name, setName] = useState('Galgenwaard, match day');
  return (
    <>
      <Specimen title="Text">
        <TextField label="Name" value={name} onChange={setName} isRequired maxLength={NAME_LIMIT} />
        <TextField label="Name" placeholder="As people say it" description="Shown on the map." />
      </Specimen>
      <Specimen title="Text, invalid and disabled">
        <TextField label="Name" defaultValue="Galgenwaard" errorMessage={REFUSED} />
        <TextField label="Name" defaultValue="Galgenwaard" isDisabled />
        <TextField label="Address" defaultValue="wss://demo" isReadOnly />
      </Specimen>
      <Specimen title="Text, long and right to left">
        <TextField label="Name" value={LONG_NAME} onChange={setName} maxLength={100} />
        <TextField label="Name" defaultValue={ARABIC_NAME} />
        <TextField label="Name" defaultValue={EMOJI_NAME} />
      </Specimen>
      <Specimen title="Several lines">
        <TextArea label="Message" defaultValue="Gate C closes at 22:00." />
        <TextArea label="Message" errorMessage="Enter a message." />
        <TextArea label="Message" defaultValue="Gate C closes at 22:00." isDisabled />
      </Specimen>
    </>
  );
}

function NumbersAndSearch() {
  const [minutes, setMinutes] = useState(20);
  return (
    <>
      <Specimen title="Number">
        <NumberField
          label="Stays longer than"
          value={minutes}
          onChange={setMinutes}
          minValue={1}
          maxValue={1440}
          unit="min"
        />
        <NumberField
          label="Drives faster than"
          defaultValue={400}
          errorMessage="Enter a speed from 1 to 300 km/h."
        />
        <NumberField label="Corners" defaultValue={12} isDisabled />
      </Specimen>
      <Specimen title="Search" note="Escape empties it.">
        <SearchField label="Filter by name" hint={<Kbd>/</Kbd>} />
        <SearchField label="Filter by name" defaultValue="Stew" />
        <SearchField label="Filter by name" isDisabled />
      </Specimen>
    </>
  );
}

function Selects() {
  const [after, setAfter] = useState('60');
  const [nothing, setNothing] = useState<string | null>(null);
  const items = [
    { id: '0', label: 'At once' },
    { id: '60', label: '60 s inside', detail: 'Passers-by are not counted' },
    { id: '300', label: '5 min inside', icon: <Clock size={16} aria-hidden="true" /> },
    { id: 'long', label: LONG_NAME, detail: LONG_NAME },
  ];
  return (
    <>
      <Specimen title="One of a few">
        <Select label="Count after" items={items} value={after} onChange={setAfter} />
        <Select label="Count after" items={items} value={nothing} onChange={setNothing} />
      </Specimen>
      <Specimen title="One of a few, invalid, disabled, long">
        <Select
          label="Count after"
          items={items}
          value={null}
          onChange={setAfter}
          errorMessage="Choose one."
          isRequired
        />
        <Select label="Count after" items={items} value="60" onChange={setAfter} isDisabled />
        <Select label="Count after" items={items} value="long" onChange={setAfter} />
      </Specimen>
    </>
  );
}

function MultiSelects() {
  const [some, setSome] = useState<readonly string[]>(['stewards', 'night']);
  const [all, setAll] = useState<readonly string[]>(CHOICES.map(({ id }) => id));
  const placeholder = 'Add group or tracker';
  return (
    <>
      <Specimen title="Several of many">
        <MultiSelect
          label="Watch"
          items={CHOICES}
          value={some}
          onChange={setSome}
          placeholder={placeholder}
          description="31 trackers"
        />
        <MultiSelect
          label="Watch"
          items={CHOICES}
          value={[]}
          onChange={setSome}
          placeholder={placeholder}
          errorMessage="Choose at least one group or tracker."
          isRequired
        />
      </Specimen>
      <Specimen title="Several of many, long and disabled">
        <MultiSelect
          label="Watch"
          items={CHOICES}
          value={all}
          onChange={setAll}
          placeholder={placeholder}
        />
        <MultiSelect label="Watch" items={CHOICES} value={['aid']} onChange={setAll} isDisabled />
      </Specimen>
    </>
  );
}
