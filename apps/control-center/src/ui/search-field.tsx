import { Search, X } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import {
  Button,
  Input,
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchFieldProps,
} from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import { classNames } from './class-names.ts';
import field from './field.module.css';
import styles from './search-field.module.css';

interface Props extends Omit<AriaSearchFieldProps, 'children' | 'className' | 'style'> {
  /** What is searched; read aloud and shown while empty. */
  readonly label: string;
  readonly className?: string | undefined;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** The key that leads here. */
  readonly hint?: ReactNode;
}

/** Narrows what stands below it while one types; Escape empties it. */
export function SearchField({ label, className, inputRef, hint, ...rest }: Props) {
  return (
    <AriaSearchField {...rest} aria-label={label} className={classNames(styles['root'], className)}>
      {({ isEmpty }) => (
        <div className={classNames(field['box'], styles['box'])}>
          <Search size={16} aria-hidden="true" />
          <Input
            dir="auto"
            placeholder={label}
            {...(inputRef === undefined ? {} : { ref: inputRef })}
          />
          {isEmpty ? (
            hint
          ) : (
            <Button className={styles['clear'] ?? ''} aria-label={messages.ui.clear}>
              <X size={14} aria-hidden="true" />
            </Button>
          )}
        </div>
      )}
    </AriaSearchField>
  );
}
