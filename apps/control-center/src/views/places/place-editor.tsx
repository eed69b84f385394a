import type { FenceReply, RuleReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { fetchFence } from '../../api/places.ts';
import { keepDraft, keptDraft } from '../../browser/draft-memory.ts';
import { shapeProblem } from '../../drawing/check.ts';
import { fromGeometry, toGeometry } from '../../drawing/draft.ts';
import { type Drawing, startDrawing } from '../../drawing/drawing.ts';
import { DrawingSurface } from '../../drawing/drawing-surface.tsx';
import { useDrawing } from '../../drawing/use-drawing.ts';
import { nameError } from '../../forms/check-name.ts';
import { refusalWords } from '../../forms/refusal.ts';
import { useFirstError } from '../../forms/use-first-error.ts';
import { putFence, refreshFences } from '../../hooks/use-fences.ts';
import { useMapEngine } from '../../map/map-slot.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { CornersForm } from './corners-form.tsx';
import { boundsOf } from './place-facts.ts';
import {
  drawingFault,
  isKeptPlace,
  type KeptPlace,
  NEW_PLACE,
  ownRuleOf,
  type PlaceForm,
  refusedShape,
  toPlaceForm,
} from './place-form.ts';
import { saveFence, saveOwnRule } from './save-place.ts';
import { TellFields } from './tell-fields.tsx';
import { WatchField } from './watch-field.tsx';
import styles from './place-editor.module.css';

const text = messages.places;

interface Props {
  /** The place that is edited; null makes a new one. */
  readonly fence: FenceReply | null;
  readonly rules: readonly RuleReply[];
  readonly knownGroups: ReadonlySet<number>;
  /** Goes back: with the place that was saved, or with nothing. */
  readonly onClose: (saved: FenceReply | null) => void;
  readonly onImport: () => void;
}

const keptUnder = (fence: FenceReply | null): string => `place.${fence?.id ?? 'new'}`;

/** What somebody had begun before the page was loaded again; null when nothing, or over another version. */
function keptPlace(fence: FenceReply | null): KeptPlace | null {
  const kept = keptDraft(keptUnder(fence));
  return isKeptPlace(kept) && kept.version === (fence?.version ?? null) ? kept : null;
}

function startOf(fence: FenceReply | null, kept: KeptPlace | null): Drawing {
  if (kept !== null) {
    return { ...startDrawing(kept.draft, kept.tool), isOpen: kept.isOpen };
  }
  return startDrawing(fence === null ? null : fromGeometry(fence.geometry));
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
  return fault.kind === 'missing' ? text.drawFirst : text.unfinished;
}

/** The first problem of a closed shape. */
function problemOf({ draft, isOpen }: Drawing) {
  return draft === null || isOpen ? null : shapeProblem(toGeometry(draft));
}

function useMapOfPlace(fence: FenceReply | null) {
  const engine = useMapEngine();
  const geometry = fence?.geometry;
  const fenceId = fence?.id ?? null;
  useEffect(() => {
    if (engine === null || fenceId === null) return undefined;
    engine.hideFence(fenceId);
    return () => engine.hideFence(null);
  }, [engine, fenceId]);
  useEffect(() => {
    // once, where the edit begins: afterwards the map is the editor's
    if (geometry !== undefined) engine?.fitBounds(boundsOf(geometry));
  }, [engine]);
  return engine;
}

function usePlaceEditor({ fence, rules, knownGroups, onClose }: Props) {
  const client = useQueryClient();
  const engine = useMapOfPlace(fence);
  const surfaceRef = useRef<HTMLDivElement>(null);
  const { formRef, showFirstError } = useFirstError<HTMLFormElement>();
  const [kept] = useState(() => keptPlace(fence));
  const [form, setWhole] = useState<PlaceForm>(() =>
    kept !== null
      ? kept.form
      : fence === null
        ? NEW_PLACE
        : toPlaceForm(fence, ownRuleOf(fence.id, rules), knownGroups),
  );
  // the form the edit starts from; another one after "keep mine"
  const [before, setBefore] = useState(fence);
  const [isTried, setTried] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState('');
  const [refused, setRefused] = useState<ReturnType<typeof problemOf>>(null);
  const [conflict, setConflict] = useState<{ before: FenceReply; now: FenceReply | null } | null>(
    null,
  );
  const tool = useDrawing({
    engine,
    start: () => startOf(fence, kept),
    wrongAt: (drawing) => (problemOf(drawing) ?? refused)?.place ?? null,
    onDone: () => save(),
  });
  const { drawing } = tool;
  const problem = problemOf(drawing) ?? refused;

  useEffect(() => setRefused(null), [drawing.draft]);
  useEffect(() => {
    if (kept !== null) showToast({ kind: 'info', title: text.kept });
  }, [kept]);
  useEffect(() => {
    const { draft, isOpen, tool: chosen } = drawing;
    if (draft === null && form === NEW_PLACE) return;
    const version = before?.version ?? null;
    keepDraft(keptUnder(fence), { form, draft, isOpen, tool: chosen, version } satisfies KeptPlace);
  }, [fence, before, form, drawing]);

  function close(saved: FenceReply | null): void {
    keepDraft(keptUnder(fence), null);
    onClose(saved);
  }

  async function store(over: FenceReply | null): Promise<void> {
    const { draft } = drawing;
    if (draft === null) return;
    setSaving(true);
    setFailure('');
    try {
      const saved = await saveFence({ form, draft, before: over });
      setBefore(saved);
      putFence(client, saved);
      await tellOf(saved);
    } catch (error) {
      await onRefused(error, over);
    } finally {
      setSaving(false);
    }
  }

  async function tellOf(saved: FenceReply): Promise<void> {
    try {
      await saveOwnRule(form, saved, ownRuleOf(saved.id, rules));
    } catch {
      return setFailure(text.ruleFailed);
    } finally {
      void client.invalidateQueries({ queryKey: ['rules'] });
    }
    showToast({ kind: 'ok', title: text.saved(saved.name) });
    close(saved);
  }

  async function onRefused(error: unknown, over: FenceReply | null): Promise<void> {
    const code = error instanceof ApiError ? error.code : null;
    if (over !== null && (code === 'FENCE_CHANGED' || code === 'FENCE_NOT_FOUND')) {
      const now = code === 'FENCE_CHANGED' ? await fetchFence(over.id).catch(() => null) : null;
      void refreshFences(client);
      return setConflict({ before: over, now });
    }
    if (code === 'FENCE_INVALID' && error instanceof ApiError) {
      return setRefused(refusedShape(error.problem ?? {}));
    }
    setFailure(refusalWords(error, messages.forms.failed));
  }

  function save(): void {
    setTried(true);
    const isNamed = nameError(form.name, messages.forms.nameError) === undefined;
    if (!isNamed || drawingFault(drawing) !== null) return showFirstError();
    void store(before);
  }

  return {
    form,
    setForm: (change: Partial<PlaceForm>) => setWhole((known) => ({ ...known, ...change })),
    tool,
    engine,
    surfaceRef,
    formRef,
    isTried,
    isSaving,
    failure,
    problemWords: problem === null ? '' : text.problems[problem.reason],
    save,
    cancel: () => close(null),
    conflict,
    closeConflict: () => setConflict(null),
    keepMine() {
      const now = conflict?.now ?? null;
      setConflict(null);
      setBefore(now);
      void store(now);
    },
    takeTheirs() {
      const now = conflict?.now ?? null;
      setConflict(null);
      if (now === null) return close(null);
      setBefore(now);
      setWhole(toPlaceForm(now, ownRuleOf(now.id, rules), knownGroups));
      tool.act({ type: 'take', draft: fromGeometry(now.geometry) });
    },
  };
}
