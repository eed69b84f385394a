import { ProgressBar } from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import { classNames } from './class-names.ts';
import styles from './spinner.module.css';

interface Props {
  readonly className?: string | undefined;
}

/** Says that something is under way, inside a button or a field. Never over the map. */
export function Spinner({ className }: Props) {
  return (
    <ProgressBar
      isIndeterminate
      aria-label={messages.ui.busy}
      className={classNames(styles['spinner'], className)}
    />
  );
}
