import type { ReactElement, ReactNode } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';
import styles from './tooltip.module.css';

/** How long the pointer rests before the words appear, ms. */
const DELAY_MS = 500;

interface Props {
  /** What it says. Never the only place of something one must know: touch has no hover. */
  readonly text: ReactNode;
  readonly placement?: 'top' | 'bottom' | 'start' | 'end';
  /** One button or other focusable component. */
  readonly children: ReactElement;
}

/** A few words on hover and on focus. */
export function Tooltip({ text, placement = 'top', children }: Props) {
  return (
    <TooltipTrigger delay={DELAY_MS}>
      {children}
      <AriaTooltip className={styles['tooltip'] ?? ''} placement={placement} offset={6}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
