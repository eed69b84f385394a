import { ArrowLeft } from 'lucide-react';
import type { Drawing } from '../../drawing/drawing.ts';
import { DrawingSurface } from '../../drawing/drawing-surface.tsx';
import { nameError } from '../../forms/check-name.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { CornersForm } from './corners-form.tsx';
import { drawingFault } from './place-form.ts';
import { PreviewLine } from './preview-line.tsx';
import { TellFields } from './tell-fields.tsx';
import { type EditorInput, usePlaceEditor } from './use-place-editor.ts';
import { WatchField } from './watch-field.tsx';
import styles from './place-editor.module.css';

const text = messages.places;

interface Props extends EditorInput {
  readonly onImport: () => void;
}

/** The editor of a place: name, whom it is for, what it tells; the shape is drawn on the map beside it. */
export function PlaceEditor(props: Props) {
  const editor = usePlaceEditor(props);
  const { form, setForm, tool, engine, surfaceRef, formRef, isTried, problemWords } = editor;
  const { fence, knownGroups } = props;
  const missing = isTried ? shapeHint(tool.drawing) : undefined;
  return (
    <>
      <form
        ref={formRef}
        className={styles['editor']}
        aria-label={fence === null ? text.newTitle : text.editTitle}
        onSubmit={(event) => {
          event.preventDefault();
          editor.save();
        }}
      >
        <header className={styles['head']}>
          <IconButton label={text.backToList} onPress={editor.cancel}>
            <ArrowLeft size={18} aria-hidden="true" />
          </IconButton>
          <h2>{fence === null ? text.newTitle : text.editTitle}</h2>
          <Badge>{text.draft}</Badge>
        </header>
        <div className={styles['body']}>
          {editor.failure !== '' && <Banner kind="critical">{editor.failure}</Banner>}
          {missing !== undefined && <Banner kind="warning">{missing}</Banner>}
          <TextField
            label={text.name}
            value={form.name}
            onChange={(name) => setForm({ name })}
            isRequired
            maxLength={200}
            autoFocus={fence === null}
            errorMessage={isTried ? nameError(form.name, messages.forms.nameError) : undefined}
          />
          <WatchField
            groupIds={form.groupIds}
            onChange={(groupIds) => setForm({ groupIds })}
            isOrphaned={fence?.groupIds?.every((id) => !knownGroups.has(id)) === true}
          />
          <TellFields form={form} onChange={setForm} />
          <CornersForm drawing={tool.drawing} act={tool.act} />
        </div>
        <PreviewLine preview={editor.preview} />
        <footer className={styles['foot']}>
          <Button kind="primary" type="submit" isPending={editor.isSaving}>
            {text.save}
          </Button>
          <Button onPress={editor.cancel}>{text.cancel}</Button>
        </footer>
      </form>
      {engine !== null && (
        <DrawingSurface
          engine={engine}
          tool={tool}
          surfaceRef={surfaceRef}
          problem={problemWords}
          onImport={props.onImport}
        />
      )}
      <ConflictDialog
        conflict={editor.conflict}
        onKeepMine={editor.keepMine}
        onTakeTheirs={editor.takeTheirs}
        onClose={editor.closeConflict}
      />
    </>
  );
}

function shapeHint(drawing: Drawing): string | undefined {
  const fault = drawingFault(drawing);
  if (fault === null) return undefined;
  if (fault.kind === 'problem') return text.problems[fault.problem.reason];
  return fault.kind === 'missing' ? text.drawFirst : text.unfinished[drawing.tool];
}
