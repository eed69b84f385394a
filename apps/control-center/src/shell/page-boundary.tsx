import { CloudOff } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import { StateMessage } from '../ui/state-message.tsx';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly isBroken: boolean;
}

/** Keeps a page that fails, or whose code did not load, from taking the map and the alerts with it. */
export class PageBoundary extends Component<Props, State> {
  override readonly state: State = { isBroken: false };

  static getDerivedStateFromError(): State {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    const { brokenTitle, brokenText } = messages.shell;
    return (
      <StateMessage icon={CloudOff} title={brokenTitle} text={brokenText}>
        {/* code that did not load is only asked for again by a new page */}
        <Button onClick={() => location.reload()}>{messages.trackers.tryAgain}</Button>
      </StateMessage>
    );
  }
}
