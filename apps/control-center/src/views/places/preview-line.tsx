import { History, TriangleAlert } from 'lucide-react';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import type { Preview } from './preview-asking.ts';
import { previewWords } from './preview-words.ts';
import styles from './preview-line.module.css';

const text = messages.places.preview;

interface Props {
  readonly preview: Preview;
}

/** One quiet line: what the place would have seen. It keeps its height whatever it says. */
export function PreviewLine({ preview }: Props) {
  const { kind } = preview;
  const seen = kind === 'known' ? preview.seen : kind === 'asking' ? preview.last : null;
  const said = kind === 'failed' ? text.failed : seen === null ? '' : previewWords(seen);
  const Icon = kind === 'failed' ? TriangleAlert : History;
  return (
    <div
      className={classNames(styles['line'], kind === 'asking' && styles['asking'])}
      data-testid="fence-preview"
      data-state={kind}
      hidden={kind === 'none'}
    >
      <Icon size={16} aria-hidden="true" />
      {said === '' && <span aria-hidden="true">{text.asking}</span>}
      <span aria-live="polite" aria-busy={kind === 'asking'}>
        {said}
      </span>
    </div>
  );
}
