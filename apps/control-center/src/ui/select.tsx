import { ChevronDown } from 'lucide-react';
import type { Ref } from 'react';
import { Button, Popover, Select as AriaSelect, SelectValue } from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import { type Choice, ChoiceList } from './choice-list.tsx';
import { classNames } from './class-names.ts';
import { FieldLabel, FieldNotes, type FieldWords, hasError } from './field.tsx';
import field from './field.module.css';
import popup from './popup.module.css';
import styles from './select.module.css';

interface Props extends FieldWords {
  readonly items: readonly Choice[];
  /** Id of the chosen item; null: none yet. */
  readonly value: string | null;
  readonly onChange: (id: string) => void;
  readonly placeholder?: string;
  readonly isRequired?: boolean | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly className?: string | undefined;
  /** The button, to focus it when this is the first field that is wrong. */
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

/** One of a few known things; with more than thirty, let people search (`MultiSelect`). */
export function Select(props: Props) {
  const { label, description, errorMessage, items, value, onChange, className } = props;
  const { isRequired = false, isDisabled = false, buttonRef } = props;
  return (
    <AriaSelect
      validationBehavior="aria"
      value={value}
      onChange={(key) => {
        if (key !== null) onChange(String(key));
      }}
      placeholder={props.placeholder ?? messages.ui.choose}
      isRequired={isRequired}
      isDisabled={isDisabled}
      isInvalid={hasError(errorMessage)}
      className={classNames(field['group'], className)}
    >
      <FieldLabel isRequired={isRequired}>{label}</FieldLabel>
      <Button
        className={classNames(field['box'], styles['button'])}
        {...(buttonRef === undefined ? {} : { ref: buttonRef })}
      >
        <SelectValue<Choice> className={styles['value'] ?? ''}>
          {({ selectedItems, defaultChildren, isPlaceholder }) =>
            isPlaceholder ? defaultChildren : <ChosenItem item={selectedItems[0] ?? null} />
          }
        </SelectValue>
        <ChevronDown size={16} aria-hidden="true" />
      </Button>
      <FieldNotes description={description} errorMessage={errorMessage} />
      <Popover className={classNames(popup['popup'], popup['field'])} offset={4}>
        <ChoiceList items={items} />
      </Popover>
    </AriaSelect>
  );
}

/** Only its first line: the button is one line high. */
function ChosenItem({ item }: { readonly item: Choice | null }) {
  return (
    <>
      {item?.icon}
      <bdi>{item?.label}</bdi>
    </>
  );
}
