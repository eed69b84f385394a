import { useMedia } from '../../hooks/use-media.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './settings.module.css';
import type { SettingsForm } from './use-settings-form.ts';

interface Props {
  readonly form: SettingsForm;
}

const text = messages.settings.bar;

/** Stays in sight while something is unsaved: what to do with it, and what became of trying. */
export function SaveBar({ form }: Props) {
  const { isDirty, state, faults, save, discard } = form;
  const isNarrow = useMedia('(max-width: 639px)');
  if (!isDirty) return null;
  const isConflict = state.kind === 'conflict';
  const hasFaults = Object.keys(faults).length > 0;
  const actions = (
    <span className={styles['barActions']}>
      <Button onPress={discard}>{isConflict ? text.seeTheirs : text.discard}</Button>
      <Button kind="primary" isPending={state.kind === 'saving'} onPress={save}>
        {isConflict ? text.saveMine : text.save}
      </Button>
    </span>
  );
  return (
    <div className={styles['bar']}>
      {isConflict && (
        <Banner kind="warning" title={text.conflict} action={actions}>
          {text.conflictText}
        </Banner>
      )}
      {state.kind === 'failed' && (
        <Banner kind="critical" title={text.failed} action={actions}>
          {state.words}
        </Banner>
      )}
      {!isConflict && state.kind !== 'failed' && (
        <Banner kind={hasFaults ? 'warning' : 'info'} title={text.unsaved} action={actions}>
          {hasFaults ? text.checkFields : isNarrow ? null : text.kept}
        </Banner>
      )}
    </div>
  );
}
