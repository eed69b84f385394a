import { Radio, RadioGroup as AriaRadioGroup } from 'react-aria-components';
import type { Choice } from './choice-list.tsx';
import { classNames } from './class-names.ts';
import { FieldLabel, FieldNotes, type FieldWords, hasError } from './field.tsx';
import choice from './choice.module.css';
import field from './field.module.css';

interface Props extends FieldWords {
  readonly items: readonly Choice[];
  readonly value: string | null;
  readonly onChange: (id: string) => void;
  readonly isRequired?: boolean | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly className?: string | undefined;
}

/** One of a few, all in sight with their consequences. */
export function RadioGroup(props: Props) {
  const { label, description, errorMessage, items, value, onChange, className } = props;
  const { isRequired = false, isDisabled = false } = props;
  return (
    <AriaRadioGroup
      validationBehavior="aria"
      value={value}
      onChange={onChange}
      isRequired={isRequired}
      isDisabled={isDisabled}
      isInvalid={hasError(errorMessage)}
      className={classNames(field['group'], className)}
    >
      <FieldLabel isRequired={isRequired}>{label}</FieldLabel>
      {items.map((item) => (
        <Radio key={item.id} value={item.id} className={choice['row'] ?? ''}>
          <span className={classNames(choice['mark'], choice['round'])} aria-hidden="true" />
          {item.icon}
          <span className={choice['words']}>
            <bdi>{item.label}</bdi>
            {item.detail !== undefined && (
              <span className={choice['description']}>{item.detail}</span>
            )}
          </span>
        </Radio>
      ))}
      <FieldNotes description={description} errorMessage={errorMessage} />
    </AriaRadioGroup>
  );
}
