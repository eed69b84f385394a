import type { FenceReply } from '@followme/contracts';
import { useGroups } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { audienceWords } from './audience-words.ts';
import { differencesOf } from './place-form.ts';

const text = messages.places;

interface Props {
  /** What the edit started from and what is there now (null: it was deleted); null while nothing is in the way. */
  readonly conflict: { readonly before: FenceReply; readonly now: FenceReply | null } | null;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
  /** Decides later: the editor stays as it is. */
  readonly onClose: () => void;
}

/** Two people edited one place: says what the other one did, and lets this one choose. */
export function ConflictDialog({ conflict, onKeepMine, onTakeTheirs, onClose }: Props) {
  const groups = useGroups().data ?? [];
  const now = conflict?.now ?? null;
  return (
    <Dialog
      role="alertdialog"
      title={text.conflictTitle}
      isOpen={conflict !== null}
      onClose={onClose}
      isDismissable={false}
      footer={
        <>
          <Button onPress={onTakeTheirs}>{text.takeTheirs}</Button>
          <Button kind="primary" onPress={onKeepMine}>
            {text.keepMine}
          </Button>
        </>
      }
    >
      {conflict !== null && now === null && <p>{text.conflictGone}</p>}
      {conflict !== null && now !== null && (
        <>
          <p>{text.conflictText}</p>
          <ul>
            {wordsOf(conflict.before, now, audienceWords(now, groups)).map((words) => (
              <li key={words}>
                <bdi>{words}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

function wordsOf(before: FenceReply, now: FenceReply, audience: string): readonly string[] {
  const { name, shape, watch } = differencesOf(before, now);
  const words = [
    ...(name ? [text.conflictName(now.name)] : []),
    ...(shape ? [text.conflictShape] : []),
    ...(watch ? [text.conflictWatch(audience)] : []),
  ];
  return words.length === 0 ? [text.conflictSame] : words;
}
