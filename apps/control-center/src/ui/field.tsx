/** The parts every field shares: its label above, the box, and below it the hint or what is wrong. */
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { FieldError, Label, Text } from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import styles from './field.module.css';

/** The words around a field. */
export interface FieldWords {
  readonly label: string;
  /** What helps to fill it in. */
  readonly description?: ReactNode;
  /** What is wrong and what to do; its presence makes the field invalid. */
  readonly errorMessage?: string | undefined;
}

interface LabelProps {
  readonly isRequired?: boolean | undefined;
  readonly children: ReactNode;
}

/** The words above a field. */
export function FieldLabel({ isRequired = false, children }: LabelProps) {
  return (
    <Label className={styles['label'] ?? ''}>
      {children}
      {isRequired && (
        <span className={styles['star']} aria-hidden="true">
          {' *'}
        </span>
      )}
    </Label>
  );
}

interface NotesProps {
  readonly description?: ReactNode;
  readonly errorMessage?: string | undefined;
  /** How much of a limited text is used; shown when it nears its end. */
  readonly length?: number;
  readonly maxLength?: number | undefined;
}

/** From this share of the limit on, the count is worth reading. */
const COUNT_FROM = 0.8;

/** What stands below a field: what is wrong, else the hint. */
export function FieldNotes({ description, errorMessage, length = 0, maxLength }: NotesProps) {
  const isInvalid = hasError(errorMessage);
  return (
    <div className={styles['notes']}>
      {isInvalid && (
        <FieldError className={styles['error'] ?? ''}>
          <CircleAlert size={14} aria-hidden="true" />
          {errorMessage}
        </FieldError>
      )}
      {!isInvalid && description !== undefined && (
        <Text slot="description" className={styles['description'] ?? ''}>
          {description}
        </Text>
      )}
      {maxLength !== undefined && length >= maxLength * COUNT_FROM && (
        <span className={styles['count']}>{messages.ui.used(length, maxLength)}</span>
      )}
    </div>
  );
}

/** Whether there is something wrong to tell. */
export function hasError(errorMessage: string | undefined): boolean {
  return errorMessage !== undefined && errorMessage !== '';
}
