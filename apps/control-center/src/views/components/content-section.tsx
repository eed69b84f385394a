import { WifiOff } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge, CountBadge } from '../../ui/badge.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Chip, ChipRow } from '../../ui/chip.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { ARABIC_NAME, CHOICES, EMOJI_NAME, LONG_NAME } from './samples.ts';
import { Row, Specimen, SpecimenSection } from './specimen.tsx';

/** What is only read. */
export function ContentSection() {
  return (
    <SpecimenSection id="content" title="Content">
      <Specimen title="Cards" isWide>
        <Card title="Last 7 days" actions={<Badge>Draft</Badge>}>
          14 entries by 3 trackers
        </Card>
        <Card title={LONG_NAME} elevation="floating">
          <bdi>{ARABIC_NAME}</bdi>
        </Card>
      </Specimen>
      <BannerSpecimen />
      <ChipSpecimen />
      <Specimen title="Badges">
        <Row>
          <Badge>Draft</Badge>
          <Badge kind="accent">New</Badge>
          <Badge kind="critical">until answered</Badge>
          <Badge kind="high">one sound</Badge>
          <Badge kind="medium">badge</Badge>
          <Badge kind="info">feed only</Badge>
          <Badge kind="ok">closed</Badge>
        </Row>
        <Row>
          <CountBadge count={3} />
          <CountBadge count={1200} />
        </Row>
      </Specimen>
      <Specimen title="Avatars">
        <Row>
          <Avatar name="Ilse de Koning" size="small" />
          <Avatar name="Ilse de Koning" />
          <Avatar name="Jelle Mulder" kind="attention" />
          <Avatar name={EMOJI_NAME} />
          <Avatar name={ARABIC_NAME} size="large" />
        </Row>
      </Specimen>
      <Specimen title="Progress">
        <ProgressBar label="Importing places" value={1200} maxValue={5000} />
        <ProgressBar label="Importing places" value={3} maxValue={4} valueLabel="3 of 4 files" />
        <ProgressBar label="Reading the file" value={null} />
      </Specimen>
      <FileSpecimen />
      <Specimen title="Keys">
        <Row>
          <Kbd>Esc</Kbd>
          <Kbd>⌘K</Kbd>
          <Kbd>↵</Kbd>
        </Row>
      </Specimen>
    </SpecimenSection>
  );
}

function BannerSpecimen() {
  return (
    <Specimen title="Banners" isWide>
      <Banner kind="warning" title="Reconnecting." icon={WifiOff} isLive={false}>
        Positions on screen are 14 s old.
      </Banner>
      <Banner
        kind="critical"
        title="No connection since 21:40."
        action={<Button size="small">Try now</Button>}
        isLive={false}
      >
        Alerts may be missing here.
      </Banner>
      <Banner kind="info" isLive={false}>
        5 more passed the east edge in under 60 seconds. They are not counted.
      </Banner>
      <Banner kind="ok" title="Saved." isLive={false}>
        {LONG_NAME}
      </Banner>
    </Specimen>
  );
}

function ChipSpecimen() {
  const [ids, setIds] = useState<readonly string[]>(CHOICES.map(({ id }) => id));
  return (
    <Specimen title="Chips" note="Delete takes the focused one away.">
      <Row>
        <Chip>Control room</Chip>
        <Chip kind="accent">Stewards</Chip>
        <Chip>{LONG_NAME}</Chip>
      </Row>
      <Row>
        <ChipRow
          label="Groups"
          items={CHOICES.filter(({ id }) => ids.includes(id))}
          onRemove={(gone) => setIds(ids.filter((id) => id !== gone))}
        />
      </Row>
    </Specimen>
  );
}

function FileSpecimen() {
  const [names, setNames] = useState<readonly string[]>([]);
  return (
    <Specimen title="Files">
      <FileDrop
        label="Places to import"
        description={names.length === 0 ? 'GeoJSON, KML or GPX, up to 50 MB' : names.join(', ')}
        accept={['.geojson', '.kml', '.gpx']}
        isMultiple
        onFiles={(files) => setNames(files.map(({ name }) => name))}
      />
      <FileDrop
        label="Logo"
        accept={['image/png']}
        errorMessage="This picture is larger than 512 kB."
        onFiles={() => setNames([])}
      />
      <FileDrop label="Logo" accept={['image/png']} isDisabled onFiles={() => setNames([])} />
    </Specimen>
  );
}
