import { LogIn, LogOut, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Checkbox } from '../../ui/checkbox.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { SegmentedControl } from '../../ui/segmented-control.tsx';
import { Switch } from '../../ui/switch.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ARABIC_NAME, LONG_NAME } from './samples.ts';
import { Specimen, SpecimenSection } from './specimen.tsx';

/** Switches, boxes, radios, segments and tabs. */
export function ChoicesSection() {
  return (
    <SpecimenSection id="choices" title="Choices">
      <Specimen title="Switch">
        <div>
          <Switch icon={<LogIn size={16} aria-hidden="true" />} defaultSelected>
            Enters
          </Switch>
          <Switch icon={<LogOut size={16} aria-hidden="true" />}>Leaves</Switch>
          <Switch description="Once, for who enters before 23:30">Also whoever enters</Switch>
          <Switch isDisabled>Drives faster than 30 km/h</Switch>
          <Switch isDisabled defaultSelected>
            Stays longer than 20 min
          </Switch>
          <Switch>{LONG_NAME}</Switch>
        </div>
      </Specimen>
      <Specimen title="Check box">
        <div>
          <Checkbox defaultSelected>Also by e-mail</Checkbox>
          <Checkbox description="Three repeats, then it stops">Repeat until read</Checkbox>
          <Checkbox isIndeterminate>All groups</Checkbox>
          <Checkbox isInvalid>I have read this</Checkbox>
          <Checkbox isDisabled defaultSelected>
            Sound
          </Checkbox>
          <Checkbox>
            <bdi>{ARABIC_NAME}</bdi>
          </Checkbox>
        </div>
      </Specimen>
      <RadioSpecimens />
      <SegmentSpecimens />
      <TabSpecimen />
    </SpecimenSection>
  );
}

function RadioSpecimens() {
  const [role, setRole] = useState<string | null>('dispatcher');
  const items = [
    { id: 'viewer', label: 'Viewer', detail: 'Sees the map and the alerts' },
    { id: 'dispatcher', label: 'Dispatcher', detail: 'Also answers alerts' },
    { id: 'admin', label: 'Administrator', detail: 'Also changes people, places and rules' },
  ];
  return (
    <Specimen title="Radio buttons">
      <RadioGroup label="Role" items={items} value={role} onChange={setRole} />
      <RadioGroup
        label="Role"
        items={items.slice(0, 2)}
        value={null}
        onChange={setRole}
        errorMessage="Choose a role."
      />
      <RadioGroup
        label="Role"
        items={items.slice(0, 2)}
        value="viewer"
        onChange={setRole}
        isDisabled
      />
    </Specimen>
  );
}

type Urgency = 'routine' | 'important' | 'emergency';

function SegmentSpecimens() {
  const [urgency, setUrgency] = useState<Urgency>('important');
  const items = [
    { id: 'routine', label: 'Routine' },
    { id: 'important', label: 'Important', icon: <TriangleAlert size={14} aria-hidden="true" /> },
    { id: 'emergency', label: 'Emergency' },
  ] as const;
  return (
    <Specimen title="Segments">
      <SegmentedControl
        label="Urgency"
        items={items}
        value={urgency}
        onChange={setUrgency}
        description="Rings through quiet hours for people on shift."
      />
      <SegmentedControl
        label="Urgency"
        isLabelHidden
        items={items}
        value={urgency}
        onChange={setUrgency}
        isDisabled
      />
    </Specimen>
  );
}

function TabSpecimen() {
  const [tab, setTab] = useState('open');
  return (
    <Specimen title="Tabs">
      <Tabs
        label="Alerts"
        value={tab}
        onChange={setTab}
        items={[
          { id: 'open', label: 'Open', count: 3, content: <p>Three alerts wait.</p> },
          { id: 'mine', label: 'Mine', count: 0, content: <p>Nothing is yours.</p> },
          { id: 'closed', label: 'Closed', content: <p>The last one closed at 19:12.</p> },
          { id: 'long', label: LONG_NAME, content: <p>{LONG_NAME}</p> },
        ]}
      />
    </Specimen>
  );
}
