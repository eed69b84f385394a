import { useId } from 'react';
import { Checkbox } from '../../ui/checkbox.tsx';
import styles from './rules.module.css';

interface Props<Id extends string> {
  readonly label: string;
  readonly items: readonly { readonly id: Id; readonly label: string }[];
  readonly value: readonly Id[];
  readonly onChange: (ids: readonly Id[]) => void;
  readonly description?: string | undefined;
  readonly errorMessage?: string | undefined;
}

/** Any of a few, all in sight. */
export function CheckList<Id extends string>(props: Props<Id>) {
  const { label, items, value, onChange, description, errorMessage } = props;
  const labelId = useId();
  const noteId = useId();
  const isWrong = errorMessage !== undefined;
  return (
    <div
      role="group"
      aria-labelledby={labelId}
      aria-describedby={noteId}
      {...(isWrong ? { 'data-invalid': true } : {})}
    >
      <span id={labelId} className={styles['label']}>
        {label}
      </span>
      <div className={styles['checks']}>
        {items.map((item) => (
          <Checkbox
            key={item.id}
            isSelected={value.includes(item.id)}
            isInvalid={isWrong}
            onChange={(isChosen) =>
              onChange(isChosen ? [...value, item.id] : value.filter((other) => other !== item.id))
            }
          >
            {item.label}
          </Checkbox>
        ))}
      </div>
      <p id={noteId} className={isWrong ? styles['error'] : styles['detail']}>
        {errorMessage ?? description}
      </p>
    </div>
  );
}
