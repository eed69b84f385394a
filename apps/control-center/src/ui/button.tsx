import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './button.module.css';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: 'primary' | 'plain' | 'ghost';
  readonly size?: 'normal' | 'small' | 'large';
  readonly children: ReactNode;
}

/** A button with words. */
export function Button({ kind = 'plain', size = 'normal', className, ...rest }: Props) {
  const classes = [styles['button'], styles[kind], styles[size], className];
  return <button type="button" className={classes.filter(Boolean).join(' ')} {...rest} />;
}

interface IconProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does: read aloud, and shown on hover. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A button that is only a picture; its label is read aloud and shown on hover. */
export function IconButton({ label, className, ...rest }: IconProps) {
  const classes = [styles['icon'], className].filter(Boolean).join(' ');
  return <button type="button" className={classes} aria-label={label} title={label} {...rest} />;
}
