import { Label, ProgressBar as AriaProgressBar } from 'react-aria-components';
import { classNames } from './class-names.ts';
import styles from './progress-bar.module.css';

interface Props {
  readonly label: string;
  /** The label is only read aloud. */
  readonly isLabelHidden?: boolean;
  /** How far, from 0 to `maxValue`; null: nobody knows. */
  readonly value: number | null;
  readonly maxValue?: number;
  /** The numbers in words, as "1,200 of 5,000"; a percentage when left out. */
  readonly valueLabel?: string;
  readonly className?: string | undefined;
}

/** How far something is that takes a while. */
export function ProgressBar(props: Props) {
  const { label, isLabelHidden = false, value, maxValue = 100, valueLabel, className } = props;
  return (
    <AriaProgressBar
      value={value ?? 0}
      maxValue={maxValue}
      isIndeterminate={value === null}
      className={classNames(styles['root'], className)}
      {...(valueLabel === undefined ? {} : { valueLabel })}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {({ percentage, valueText, isIndeterminate }) => (
        <>
          {!isLabelHidden && (
            <span className={styles['words']}>
              <Label className={styles['label'] ?? ''}>{label}</Label>
              {!isIndeterminate && <span className={styles['value']}>{valueText}</span>}
            </span>
          )}
          <span className={styles['track']}>
            <span
              className={classNames(styles['fill'], isIndeterminate && styles['unknown'])}
              style={isIndeterminate ? {} : { inlineSize: `${percentage ?? 0}%` }}
            />
          </span>
        </>
      )}
    </AriaProgressBar>
  );
}
