import { Minus, Plus } from 'lucide-react';
import type { Ref } from 'react';
import {
  Button,
  Group,
  Input,
  NumberField as AriaNumberField,
  type NumberFieldProps as AriaNumberFieldProps,
} from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import { classNames } from './class-names.ts';
import { FieldLabel, FieldNotes, type FieldWords, hasError } from './field.tsx';
import field from './field.module.css';
import styles from './number-field.module.css';

interface Props
  extends
    FieldWords,
    Omit<AriaNumberFieldProps, 'children' | 'className' | 'style' | 'isInvalid' | 'isDisabled'> {
  readonly className?: string | undefined;
  readonly isDisabled?: boolean | undefined;
  /** Unit behind the number, for the eye; the label or the format says it aloud. */
  readonly unit?: string;
  readonly inputRef?: Ref<HTMLInputElement>;
}

/** A number with steps; an empty field is NaN. Reads and writes numbers as the language does. */
export function NumberField(props: Props) {
  const { label, description, errorMessage, className, unit, inputRef, ...rest } = props;
  const { isDisabled = false, ...others } = rest;
  const words = messages.ui;
  return (
    <AriaNumberField
      validationBehavior="aria"
      incrementAriaLabel={words.increase}
      decrementAriaLabel={words.decrease}
      {...others}
      isDisabled={isDisabled}
      isInvalid={hasError(errorMessage)}
      className={classNames(field['group'], className)}
    >
      <FieldLabel isRequired={props.isRequired}>{label}</FieldLabel>
      <Group className={classNames(field['box'], styles['box'])}>
        <Input {...(inputRef === undefined ? {} : { ref: inputRef })} />
        {unit !== undefined && (
          <span className={styles['unit']} aria-hidden="true">
            {unit}
          </span>
        )}
        <Button slot="decrement" className={styles['step'] ?? ''}>
          <Minus size={14} aria-hidden="true" />
        </Button>
        <Button slot="increment" className={styles['step'] ?? ''}>
          <Plus size={14} aria-hidden="true" />
        </Button>
      </Group>
      <FieldNotes description={description} errorMessage={errorMessage} />
    </AriaNumberField>
  );
}
