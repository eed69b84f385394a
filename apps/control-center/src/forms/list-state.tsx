import { CloudOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { StateMessage } from '../ui/state-message.tsx';

/** What is asked of a list before it is shown; a query of react-query has this form. */
interface Loading {
  readonly data: unknown;
  readonly isError: boolean;
  readonly refetch: () => unknown;
}

interface Props {
  /** All of them must be there. Old data is shown even when asking again failed. */
  readonly of: readonly Loading[];
  /** What is loading, read aloud. */
  readonly label: string;
  readonly children: () => ReactNode;
}

const ROWS = 6;

/** The content once its lists are there; until then the shape of rows, or what failed and how to try again. */
export function ListState({ of, label, children }: Props) {
  const missing = of.filter(({ data }) => data === undefined);
  if (missing.length === 0) return children();
  if (!missing.some(({ isError }) => isError)) return <Skeleton rows={ROWS} label={label} />;
  const { listFailedTitle, listFailedText, tryAgain } = messages.forms;
  return (
    <StateMessage icon={CloudOff} title={listFailedTitle} text={listFailedText}>
      <Button onPress={() => missing.forEach((list) => void list.refetch())}>{tryAgain}</Button>
    </StateMessage>
  );
}
