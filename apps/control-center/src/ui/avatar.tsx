import { messages } from '../messages/messages.ts';
import { classNames } from './class-names.ts';
import { initials } from './initials.ts';
import styles from './avatar.module.css';

interface Props {
  /** Whose it is; the name itself stands beside it, so this is decoration. */
  readonly name: string;
  readonly size?: 'small' | 'normal' | 'large';
  /** `attention`: this person cannot be reached. */
  readonly kind?: 'plain' | 'attention';
  readonly className?: string | undefined;
}

/** Two letters of a name in a disc. */
export function Avatar({ name, size = 'normal', kind = 'plain', className }: Props) {
  return (
    <span
      aria-hidden="true"
      className={classNames(styles['avatar'], styles[size], styles[kind], className)}
    >
      {initials(name, messages.locale)}
    </span>
  );
}
