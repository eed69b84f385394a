import { Radio, RadioGroup } from 'react-aria-components';
import type { Choice } from './choice-list.tsx';
import { classNames } from './class-names.ts';
import { FieldNotes, FieldLabel } from './field.tsx';
import field from './field.module.css';
import styles from './segmented-control.module.css';

interface Props<Id extends string> {
  readonly label: string;
  /** The label is only read aloud, where the words around it say it already. */
  readonly isLabelHidden?: boolean;
  readonly items: readonly (Choice & { readonly id: Id })[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
  readonly description?: string;
  readonly isDisabled?: boolean;
  readonly className?: string | undefined;
}

/** One of two to four short words, in force at once. */
export function SegmentedControl<Id extends string>(props: Props<Id>) {
  const { label, isLabelHidden = false, items, value, onChange, description, className } = props;
  return (
    <RadioGroup
      orientation="horizontal"
      value={value}
      onChange={(next) => {
        const chosen = items.find((item) => item.id === next);
        if (chosen !== undefined) onChange(chosen.id);
      }}
      isDisabled={props.isDisabled ?? false}
      className={classNames(field['group'], className)}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {!isLabelHidden && <FieldLabel>{label}</FieldLabel>}
      <div className={styles['track']}>
        {items.map((item) => (
          <Radio key={item.id} value={item.id} className={styles['segment'] ?? ''}>
            {item.icon}
            <span className={styles['words']}>{item.label}</span>
          </Radio>
        ))}
      </div>
      <FieldNotes description={description} />
    </RadioGroup>
  );
}
