import { ChevronDown } from 'lucide-react';
import { type KeyboardEvent, type Ref, useMemo, useState } from 'react';
import { Button, ComboBox, ComboBoxValue, Group, Input, Popover } from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import { type Choice, ChoiceList } from './choice-list.tsx';
import { ChipRow } from './chip.tsx';
import { classNames } from './class-names.ts';
import { FieldLabel, FieldNotes, type FieldWords, hasError } from './field.tsx';
import field from './field.module.css';
import popup from './popup.module.css';
import styles from './multi-select.module.css';

interface Props extends FieldWords {
  readonly items: readonly Choice[];
  /** Ids of the chosen items, in the order they were chosen; an id without an item is shown as it is. */
  readonly value: readonly string[];
  readonly onChange: (ids: string[]) => void;
  readonly placeholder?: string;
  readonly isRequired?: boolean | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly className?: string | undefined;
  readonly inputRef?: Ref<HTMLInputElement>;
}

/** Several of many: type to narrow, Enter takes, Backspace in the empty field gives back the last. */
export function MultiSelect(props: Props) {
  const { label, description, errorMessage, items, value, onChange, className } = props;
  const { isRequired = false, isDisabled = false, placeholder, inputRef } = props;
  const [text, setText] = useState('');
  const left = useMemo(() => {
    const chosen = new Set(value);
    return items.filter(({ id }) => !chosen.has(id));
  }, [items, value]);

  function giveBack(event: KeyboardEvent): void {
    if (event.key !== 'Backspace' || text !== '' || value.length === 0) return;
    event.preventDefault();
    onChange(value.slice(0, -1));
  }

  return (
    <ComboBox<Choice, 'multiple'>
      validationBehavior="aria"
      selectionMode="multiple"
      defaultItems={left}
      value={value}
      onChange={(ids) => {
        setText('');
        onChange(ids.map(String));
      }}
      onBlur={() => setText('')}
      inputValue={text}
      onInputChange={setText}
      // with nothing left to choose there is no list; with something typed it says that nothing fits
      allowsEmptyCollection={text !== ''}
      menuTrigger="focus"
      isRequired={isRequired}
      isDisabled={isDisabled}
      isInvalid={hasError(errorMessage)}
      className={classNames(field['group'], className)}
    >
      <FieldLabel isRequired={isRequired}>{label}</FieldLabel>
      <Group className={classNames(field['box'], styles['box'])}>
        <ComboBoxValue<Choice> className={styles['chips'] ?? ''}>
          {() => (
            <ChipRow
              label={messages.ui.chosen}
              items={value.map((id) => items.find((item) => item.id === id) ?? { id, label: id })}
              onRemove={
                isDisabled ? undefined : (id) => onChange(value.filter((one) => one !== id))
              }
            />
          )}
        </ComboBoxValue>
        <Input
          dir="auto"
          className={styles['input'] ?? ''}
          onKeyDown={giveBack}
          {...(inputRef === undefined ? {} : { ref: inputRef })}
          {...(placeholder === undefined ? {} : { placeholder })}
        />
        <Button className={styles['open'] ?? ''} aria-label={messages.ui.showChoices}>
          <ChevronDown size={16} aria-hidden="true" />
        </Button>
      </Group>
      <FieldNotes description={description} errorMessage={errorMessage} />
      <Popover className={classNames(popup['popup'], popup['field'])} offset={4}>
        <ChoiceList />
      </Popover>
    </ComboBox>
  );
}
