import type { ReactNode } from 'react';
import { Switch as AriaSwitch, type SwitchProps as AriaSwitchProps } from 'react-aria-components';
import { classNames } from './class-names.ts';
import styles from './switch.module.css';

interface Props extends Omit<AriaSwitchProps, 'children' | 'className' | 'style' | 'isDisabled'> {
  /** What is on or off. */
  readonly children: ReactNode;
  /** A second, quieter line. */
  readonly description?: ReactNode;
  /** A picture before the words, 16 px. */
  readonly icon?: ReactNode;
  readonly isDisabled?: boolean | undefined;
  readonly className?: string | undefined;
}

/** On or off, at once. A row as wide as its place: the words at the start, the switch at the end. */
export function Switch({ children, description, icon, isDisabled, className, ...rest }: Props) {
  return (
    <AriaSwitch
      {...rest}
      isDisabled={isDisabled ?? false}
      className={classNames(styles['row'], className)}
    >
      {icon}
      <span className={styles['words']}>
        {children}
        {description !== undefined && <span className={styles['description']}>{description}</span>}
      </span>
      <span className={styles['track']} aria-hidden="true" />
    </AriaSwitch>
  );
}
