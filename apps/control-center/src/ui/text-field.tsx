import type { ReactNode, Ref } from 'react';
import {
  Input,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components';
import { classNames } from './class-names.ts';
import { FieldLabel, FieldNotes, type FieldWords, hasError } from './field.tsx';
import styles from './field.module.css';

interface BaseProps
  extends
    FieldWords,
    Omit<AriaTextFieldProps, 'children' | 'className' | 'style' | 'isInvalid' | 'isDisabled'> {
  readonly className?: string | undefined;
  readonly placeholder?: string;
  readonly isDisabled?: boolean | undefined;
}

interface Props extends BaseProps {
  /** The input itself, to focus it when it is the first that is wrong. */
  readonly inputRef?: Ref<HTMLInputElement>;
  /** What stands inside the box after the text: a unit, a button. */
  readonly suffix?: ReactNode;
}

/** One line of text. */
export function TextField(props: Props) {
  const { label, description, errorMessage, className, placeholder, inputRef, suffix, ...rest } =
    props;
  const { isDisabled = false, ...others } = rest;
  return (
    <AriaTextField
      validationBehavior="aria"
      {...others}
      isDisabled={isDisabled}
      isInvalid={hasError(errorMessage)}
      className={classNames(styles['group'], className)}
    >
      <FieldLabel isRequired={props.isRequired}>{label}</FieldLabel>
      <div className={styles['box']}>
        <Input
          dir="auto"
          {...(inputRef === undefined ? {} : { ref: inputRef })}
          {...(placeholder === undefined ? {} : { placeholder })}
        />
        {suffix}
      </div>
      <FieldNotes
        description={description}
        errorMessage={errorMessage}
        length={props.value?.length ?? 0}
        maxLength={props.maxLength}
      />
    </AriaTextField>
  );
}

interface AreaProps extends BaseProps {
  readonly inputRef?: Ref<HTMLTextAreaElement>;
  readonly rows?: number;
}

/** Text of several lines. */
export function TextArea(props: AreaProps) {
  const {
    label,
    description,
    errorMessage,
    className,
    placeholder,
    inputRef,
    rows = 3,
    ...rest
  } = props;
  const { isDisabled = false, ...others } = rest;
  return (
    <AriaTextField
      validationBehavior="aria"
      {...others}
      isDisabled={isDisabled}
      isInvalid={hasError(errorMessage)}
      className={classNames(styles['group'], className)}
    >
      <FieldLabel isRequired={props.isRequired}>{label}</FieldLabel>
      <div className={classNames(styles['box'], styles['area'])}>
        <AriaTextArea
          dir="auto"
          rows={rows}
          {...(inputRef === undefined ? {} : { ref: inputRef })}
          {...(placeholder === undefined ? {} : { placeholder })}
        />
      </div>
      <FieldNotes
        description={description}
        errorMessage={errorMessage}
        length={props.value?.length ?? 0}
        maxLength={props.maxLength}
      />
    </AriaTextField>
  );
}
