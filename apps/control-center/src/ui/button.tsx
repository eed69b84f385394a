import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { classNames } from './class-names.ts';
import { Spinner } from './spinner.tsx';
import { Tooltip } from './tooltip.tsx';
import styles from './button.module.css';

/** What every button takes; `onPress` and `onClick` both work, `onPress` is the one to write. */
interface PressProps extends Omit<
  AriaButtonProps,
  'children' | 'className' | 'style' | 'isDisabled' | 'isPending'
> {
  readonly className?: string | undefined;
  readonly isDisabled?: boolean | undefined;
  /** Under way: keeps its place and focus, shows a spinner and does nothing when pressed. */
  readonly isPending?: boolean | undefined;
  readonly ref?: Ref<HTMLButtonElement>;
}

interface Props extends PressProps {
  readonly kind?: 'primary' | 'plain' | 'ghost' | 'critical';
  readonly size?: 'normal' | 'small' | 'large';
  readonly children: ReactNode;
}

/** A button with words, verb first. One `primary` per view. */
export function Button(props: Props) {
  const { kind = 'plain', size = 'normal', className, children, ...rest } = props;
  const { isDisabled = false, isPending = false, ...others } = rest;
  return (
    <AriaButton
      {...others}
      isDisabled={isDisabled}
      isPending={isPending}
      className={classNames(styles['button'], styles[kind], styles[size], className)}
    >
      {isPending && <Spinner className={styles['spinner']} />}
      {children}
    </AriaButton>
  );
}

interface IconProps extends PressProps {
  /** What it does: read aloud, and shown on hover and focus. */
  readonly label: string;
  readonly size?: 'normal' | 'small';
  readonly children: ReactNode;
}

/** A button that is only a picture; its label is read aloud, and shown on hover and focus. */
export function IconButton({ label, size = 'normal', className, children, ...rest }: IconProps) {
  const { isDisabled = false, isPending = false, ...others } = rest;
  return (
    <Tooltip text={label}>
      <AriaButton
        {...others}
        aria-label={label}
        isDisabled={isDisabled}
        isPending={isPending}
        className={classNames(styles['icon'], size === 'small' && styles['iconSmall'], className)}
      >
        {isPending ? <Spinner /> : children}
      </AriaButton>
    </Tooltip>
  );
}
