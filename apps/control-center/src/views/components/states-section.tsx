import { Route, ShieldCheck, UserLock } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { SpecimenSection } from './specimen.tsx';

/** What stands in place of content. */
export function StatesSection() {
  return (
    <SpecimenSection id="states" title="Empty, loading, failed">
      <Card title="Needs attention" elevation="floating" isPadded={false}>
        <StateMessage
          icon={ShieldCheck}
          title="All quiet"
          text="The last alert was closed at 19:12 by Daan."
        />
      </Card>
      <Card title="Trackers" elevation="floating" isPadded={false}>
        <Skeleton rows={4} label="Trackers" />
      </Card>
      <Card title="Today" elevation="floating" isPadded={false}>
        <StateMessage
          icon={Route}
          title="The trail did not load"
          text="Live positions keep coming. History is slow to answer."
        >
          <Button size="small">Try again</Button>
        </StateMessage>
      </Card>
      <Card title="People" elevation="floating" isPadded={false}>
        <StateMessage
          icon={UserLock}
          title="This page is for administrators"
          text="Ask an administrator of your organisation for access."
        />
      </Card>
    </SpecimenSection>
  );
}
