import type { ReactElement, ReactNode } from 'react';
import { Dialog, DialogTrigger, Popover as AriaPopover } from 'react-aria-components';
import { classNames } from './class-names.ts';
import popup from './popup.module.css';
import styles from './popover.module.css';

interface Props {
  /** What it holds, read aloud. */
  readonly label: string;
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end' | 'start' | 'end';
  /** Controlled, where something else closes it too. */
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  readonly className?: string | undefined;
  /** What stands inside; a function gets how to close it. */
  readonly children: ReactNode | ((close: () => void) => ReactNode);
}

/** A small panel at its button. Closes on Escape and on a press outside. */
export function Popover(props: Props) {
  const { label, trigger, placement = 'bottom start', children, className, ...control } = props;
  return (
    <DialogTrigger {...openState(control)}>
      {trigger}
      <AriaPopover
        className={classNames(popup['popup'], styles['popover'], className)}
        placement={placement}
        offset={6}
      >
        <Dialog aria-label={label} className={styles['dialog'] ?? ''}>
          {({ close }) => (typeof children === 'function' ? children(close) : children)}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}

function openState({ isOpen, onOpenChange }: Pick<Props, 'isOpen' | 'onOpenChange'>) {
  return {
    ...(isOpen === undefined ? {} : { isOpen }),
    ...(onOpenChange === undefined ? {} : { onOpenChange }),
  };
}
