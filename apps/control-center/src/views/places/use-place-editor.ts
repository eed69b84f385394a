/** The editor of a place without its looks: what is filled in and drawn, kept over a reload, saved, or in conflict. */
import type { FenceReply, RuleReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { keepDraft, keptDraft } from '../../browser/draft-memory.ts';
import { type ShapeProblem, shapeProblem } from '../../drawing/check.ts';
import { type Draft, fromGeometry, toGeometry } from '../../drawing/draft.ts';
import { type Drawing, startDrawing } from '../../drawing/drawing.ts';
import { type DrawingTool, useDrawing } from '../../drawing/use-drawing.ts';
import { nameError } from '../../forms/check-name.ts';
import { refusalWords } from '../../forms/refusal.ts';
import { useFirstError } from '../../forms/use-first-error.ts';
import { putFence, refreshFences } from '../../hooks/use-fences.ts';
import { useIsHere } from '../../hooks/use-is-here.ts';
import type { MapEngine } from '../../map/map-engine.ts';
import { useMapEngine } from '../../map/map-slot.ts';
import { messages } from '../../messages/messages.ts';
import { showToast } from '../../ui/toasts.tsx';
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
import type { Preview } from './preview-asking.ts';
import { newestFence, saveFence, saveOwnRule } from './save-place.ts';
import { useFencePreview } from './use-fence-preview.ts';

const text = messages.places;

/** What an editor begins with. */
export interface EditorInput {
  /** The place that is edited; null makes a new one. */
  readonly fence: FenceReply | null;
  readonly rules: readonly RuleReply[];
  readonly knownGroups: ReadonlySet<number>;
  /** Goes back: with the place that was saved, or with nothing. */
  readonly onClose: (saved: FenceReply | null) => void;
}

/** What somebody else did meanwhile; `now` null: deleted. */
interface Conflict {
  readonly before: FenceReply;
  readonly now: FenceReply | null;
}

const keptUnder = (fence: FenceReply | null): string => `place.${fence?.id ?? 'new'}`;

/** What somebody had begun before the page was loaded again; null when nothing. */
function keptPlace(fence: FenceReply | null): KeptPlace | null {
  const kept = keptDraft(keptUnder(fence));
  return isKeptPlace(kept) && kept.before?.id === fence?.id ? kept : null;
}

function startOf(fence: FenceReply | null, kept: KeptPlace | null): Drawing {
  if (kept !== null) return { ...startDrawing(kept.draft, kept.tool), isOpen: kept.isOpen };
  return startDrawing(fence === null ? null : fromGeometry(fence.geometry));
}

/** The first problem of a closed shape. */
function problemOf({ draft, isOpen }: Drawing): ShapeProblem | null {
  return draft === null || isOpen ? null : shapeProblem(toGeometry(draft));
}

/** The map with the place in sight, and its finished form out of it. */
function useMapOfPlace(fence: FenceReply | null): MapEngine | null {
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

/** What is filled in, from the place, from what was kept, or from nothing. */
function useForm({ fence, rules, knownGroups }: EditorInput, kept: KeptPlace | null) {
  const formOf = (of: FenceReply): PlaceForm =>
    toPlaceForm(of, ownRuleOf(of.id, rules), knownGroups);
  const [form, setWhole] = useState<PlaceForm>(
    () => kept?.form ?? (fence === null ? NEW_PLACE : formOf(fence)),
  );
  return {
    form,
    setForm: (change: Partial<PlaceForm>) => setWhole((known) => ({ ...known, ...change })),
    takeForm: (of: FenceReply) => setWhole(formOf(of)),
  };
}

/** Keeps what is under way as long as the tab. */
function useKeeping(fence: FenceReply | null, now: KeptPlace): void {
  const { form, draft, isOpen, tool, before } = now;
  useEffect(() => {
    if (draft === null && form === NEW_PLACE) return;
    keepDraft(keptUnder(fence), { form, draft, isOpen, tool, before } satisfies KeptPlace);
  }, [fence, before, form, draft, isOpen, tool]);
}

const wordsOf = (error: unknown): string => refusalWords(error, messages.forms.failed);

interface SavingInput extends EditorInput {
  readonly form: PlaceForm;
  readonly draft: Draft | null;
  /** The place as the edit found it. */
  readonly found: FenceReply | null;
}

/** Saving, and what can come of it: saved, refused, or somebody else was first. */
function useSaving({ fence, rules, onClose, form, draft, found }: SavingInput) {
  const client = useQueryClient();
  const isHere = useIsHere();
  // the form the edit starts from; another one after "keep mine"
  const [before, setBefore] = useState(found);
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState('');
  const [refused, setRefused] = useState<ShapeProblem | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  useEffect(() => setRefused(null), [draft]);

  function close(saved: FenceReply | null): void {
    keepDraft(keptUnder(fence), null);
    if (isHere()) onClose(saved);
  }

  async function store(over: FenceReply | null): Promise<void> {
    if (draft === null || isSaving) return;
    setSaving(true);
    setFailure('');
    try {
      const saved = await saveFence({ form, draft, before: over });
      setBefore(saved);
      putFence(client, saved);
      await tellOf(saved);
    } catch (error) {
      // asking what the others did may fail as well
      await onRefused(error, over).catch((second: unknown) => fail(wordsOf(second)));
    } finally {
      setSaving(false);
    }
  }

  async function tellOf(saved: FenceReply): Promise<void> {
    try {
      await saveOwnRule(form, saved, ownRuleOf(saved.id, rules));
    } catch {
      // coming back to a draft of it would make it twice
      if (!isHere()) keepDraft(keptUnder(fence), null);
      return fail(text.ruleFailed);
    } finally {
      void client.invalidateQueries({ queryKey: ['rules'] });
    }
    showToast({ kind: 'ok', title: text.saved(saved.name) });
    close(saved);
  }

  async function onRefused(error: unknown, over: FenceReply | null): Promise<void> {
    if (!isHere()) return fail(wordsOf(error));
    const code = error instanceof ApiError ? error.code : null;
    if (over !== null && (code === 'FENCE_CHANGED' || code === 'FENCE_NOT_FOUND')) {
      const now = code === 'FENCE_CHANGED' ? await newestFence(over.id) : null;
      void refreshFences(client);
      return setConflict({ before: over, now });
    }
    if (code === 'FENCE_INVALID' && error instanceof ApiError) {
      return setRefused(refusedShape(error.problem ?? {}));
    }
    fail(wordsOf(error));
  }

  function fail(words: string): void {
    setFailure(words);
    if (isHere()) return;
    // whoever has gone on would believe it is saved
    showToast({ kind: 'warning', title: messages.forms.notSaved(form.name), text: words });
  }

  return { before, setBefore, isSaving, failure, refused, conflict, setConflict, close, store };
}

/** See the file's heading. */
export interface PlaceEditing {
  readonly form: PlaceForm;
  readonly setForm: (change: Partial<PlaceForm>) => void;
  readonly tool: DrawingTool;
  /** Null while there is no map: then only fields say where the place is. */
  readonly engine: MapEngine | null;
  readonly formRef: RefObject<HTMLFormElement | null>;
  readonly surfaceRef: RefObject<HTMLDivElement | null>;
  /** Somebody tried to save: from then on it is said what is missing. */
  readonly isTried: boolean;
  readonly isSaving: boolean;
  readonly failure: string;
  /** What is wrong with the shape, in words; empty is nothing. */
  readonly problemWords: string;
  /** What the place would have seen. */
  readonly preview: Preview;
  readonly conflict: Conflict | null;
  readonly save: () => void;
  readonly cancel: () => void;
  readonly keepMine: () => void;
  readonly takeTheirs: () => void;
  readonly closeConflict: () => void;
}

export function usePlaceEditor(input: EditorInput): PlaceEditing {
  const { fence } = input;
  const engine = useMapOfPlace(fence);
  const surfaceRef = useRef<HTMLDivElement>(null);
  const { formRef, showFirstError } = useFirstError<HTMLFormElement>();
  const [kept] = useState(() => keptPlace(fence));
  const [isTried, setTried] = useState(false);
  const { form, setForm, takeForm } = useForm(input, kept);
  const [refusedPlace, setRefusedPlace] = useState<ShapeProblem['place']>(null);
  const tool = useDrawing({
    engine,
    surfaceRef,
    start: () => startOf(fence, kept),
    wrongAt: (drawing) => problemOf(drawing)?.place ?? refusedPlace,
    onDone: () => save(),
  });
  const { drawing } = tool;
  const { draft, isOpen } = drawing;
  const saving = useSaving({ ...input, form, draft, found: kept === null ? fence : kept.before });
  const { before, refused, conflict, store, close } = saving;
  useEffect(() => setRefusedPlace(refused?.place ?? null), [refused]);
  useKeeping(fence, { form, draft, isOpen, tool: drawing.tool, before });
  useEffect(() => {
    if (kept !== null) showToast({ kind: 'info', title: messages.forms.kept });
  }, [kept]);
  const problem = problemOf(drawing) ?? refused;
  const preview = useFencePreview(drawing, form.groupIds);

  function save(): void {
    setTried(true);
    const isNamed = nameError(form.name, messages.forms.nameError) === undefined;
    if (!isNamed || drawingFault(drawing) !== null) return showFirstError();
    void store(before);
  }

  /** Ends the conflict on the form that is there now. */
  function settle(): FenceReply | null {
    const now = conflict?.now ?? null;
    saving.setConflict(null);
    saving.setBefore(now);
    return now;
  }

  return {
    form,
    setForm,
    tool,
    engine,
    surfaceRef,
    formRef,
    isTried,
    isSaving: saving.isSaving,
    failure: saving.failure,
    problemWords: problem === null ? '' : text.problems[problem.reason],
    preview,
    save,
    cancel: () => close(null),
    conflict,
    closeConflict: () => saving.setConflict(null),
    keepMine: () => void store(settle()),
    takeTheirs() {
      const now = settle();
      if (now === null) return close(null);
      takeForm(now);
      tool.act({ type: 'take', draft: fromGeometry(now.geometry) });
    },
  };
}
