import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Checkbox as AriaCheckbox,
  type CheckboxProps as AriaCheckboxProps,
} from 'react-aria-components';
import { classNames } from './class-names.ts';
import styles from './choice.module.css';

interface Props extends Omit<
  AriaCheckboxProps,
  'children' | 'className' | 'style' | 'isDisabled' | 'isInvalid'
> {
  /** What is agreed to or taken along; left out only where `aria-label` says it. */
  readonly children?: ReactNode;
  readonly description?: ReactNode;
  readonly isDisabled?: boolean | undefined;
  readonly isInvalid?: boolean | undefined;
  readonly className?: string | undefined;
}

/** Yes or no, in force when the form is sent. What works at once is a `Switch`. */
export function Checkbox({ children, description, className, ...rest }: Props) {
  const { isDisabled = false, isInvalid = false, ...others } = rest;
  return (
    <AriaCheckbox
      {...others}
      isDisabled={isDisabled}
      isInvalid={isInvalid}
      className={classNames(styles['row'], className)}
    >
      {({ isSelected, isIndeterminate }) => (
        <>
          <span className={classNames(styles['mark'], styles['square'])} aria-hidden="true">
            {isIndeterminate ? (
              <Minus size={12} strokeWidth={3} />
            ) : (
              isSelected && <Check size={12} strokeWidth={3} />
            )}
          </span>
          {children !== undefined && (
            <span className={styles['words']}>
              {children}
              {description !== undefined && (
                <span className={styles['description']}>{description}</span>
              )}
            </span>
          )}
        </>
      )}
    </AriaCheckbox>
  );
}
