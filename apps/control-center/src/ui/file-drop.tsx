import { Upload } from 'lucide-react';
import { useState } from 'react';
import { DropZone, FileTrigger, isFileDropItem } from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import styles from './file-drop.module.css';

interface Props {
  /** What to bring, read aloud with the place to drop it. */
  readonly label: string;
  /** Kinds and sizes that work, in words. */
  readonly description?: string;
  /** What is wrong with what was brought. */
  readonly errorMessage?: string | undefined;
  /** Endings with a dot or media types, as `['.geojson', 'image/png']`. */
  readonly accept: readonly string[];
  readonly isMultiple?: boolean;
  readonly isDisabled?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  readonly className?: string | undefined;
}

/** Files by choosing, by dropping or by pasting. What `accept` does not name is refused here. */
export function FileDrop(props: Props) {
  const { label, description, accept, isMultiple = false, isDisabled = false, onFiles } = props;
  const [isRefused, setRefused] = useState(false);
  const words = messages.ui;

  function take(files: readonly File[]): void {
    const fitting = files.filter((file) => isAccepted(file, accept));
    setRefused(fitting.length < files.length);
    if (fitting.length > 0) onFiles(isMultiple ? fitting : fitting.slice(0, 1));
  }

  return (
    <DropZone
      aria-label={label}
      isDisabled={isDisabled}
      getDropOperation={() => 'copy'}
      onDrop={(event) => {
        const files = event.items.filter(isFileDropItem).map((item) => item.getFile());
        void Promise.all(files).then(take);
      }}
      className={classNames(styles['zone'], props.className)}
    >
      <Upload size={24} strokeWidth={1.5} aria-hidden="true" />
      <p className={styles['words']}>
        <FileTrigger
          acceptedFileTypes={accept}
          allowsMultiple={isMultiple}
          onSelect={(list) => take(list === null ? [] : [...list])}
        >
          <Button size="small" isDisabled={isDisabled}>
            {isMultiple ? words.chooseFiles : words.chooseFile}
          </Button>
        </FileTrigger>
        <span className={styles['or']}>{isMultiple ? words.dropSeveralHere : words.dropHere}</span>
      </p>
      {description !== undefined && <p className={styles['description']}>{description}</p>}
      <p className={styles['error']} role="alert">
        {props.errorMessage ?? (isRefused ? words.wrongFile : '')}
      </p>
    </DropZone>
  );
}

/** Whether a file has one of the endings or media types; browsers often know no type, so endings go first. */
function isAccepted(file: File, accept: readonly string[]): boolean {
  const name = file.name.toLowerCase();
  return accept.some((kind) =>
    kind.startsWith('.') ? name.endsWith(kind.toLowerCase()) : file.type === kind,
  );
}
