import { Lock } from 'lucide-react';
import { messages } from '../messages/messages.ts';
import { Page } from '../ui/page.tsx';
import { StateMessage } from '../ui/state-message.tsx';

interface Props {
  /** Title of the page that stays closed. */
  readonly title: string;
}

/** In place of a page that only administrators may use: says who can do it. */
export function NoAccess({ title }: Props) {
  const { noAccessTitle, noAccessText } = messages.forms;
  return (
    <Page title={title}>
      <StateMessage icon={Lock} title={noAccessTitle} text={noAccessText} />
    </Page>
  );
}
