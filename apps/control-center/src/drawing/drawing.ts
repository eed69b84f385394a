/**
 * Drawing as a state machine: what pointer, keys and fields do to a draft, with its way back. Pure; the page holds
 * the state and shows it.
 *
 * While `isOpen`, corners are added at the end; afterwards the shape is edited by its handles. Every change is one
 * step of undo, and a drag, or arrows held down, is one step as a whole.
 */
import type { LonLat } from '../places/sphere.ts';
import {
  addCorner,
  beginDraft,
  cornersOf,
  type Draft,
  insertCorner,
  isShape,
  moveCorner,
  removeCorner,
  removeLast,
  type Tool,
  tidy,
  toolOf,
} from './draft.ts';

/** One moment of a drawing, as undo brings it back. */
interface Step {
  readonly tool: Tool;
  readonly draft: Draft | null;
  readonly isOpen: boolean;
}

export interface Drawing extends Step {
  /** The handle the keys move; null is none. */
  readonly active: number | null;
  readonly undoSteps: readonly Step[];
  readonly redoSteps: readonly Step[];
  /** What the newest step belongs to: changes with the same name make no step of their own. */
  readonly gesture: string | null;
}

/** What can be done to a drawing. */
export type DrawAction =
  /** Begins anew with another tool; while nothing is drawn only the tool changes. */
  | { readonly type: 'chooseTool'; readonly tool: Tool }
  /** Sets a corner, the centre, or the edge of a circle, while the shape is open. */
  | { readonly type: 'place'; readonly at: LonLat }
  /** No more corners: the shape is closed. Does nothing while it is none. */
  | { readonly type: 'finish' }
  | { readonly type: 'activate'; readonly corner: number | null }
  | {
      readonly type: 'move';
      readonly corner: number;
      readonly to: LonLat;
      readonly gesture: string | null;
    }
  | {
      readonly type: 'insert';
      readonly after: number;
      readonly at: LonLat;
      readonly gesture: string | null;
    }
  /** Takes a corner away, while the shape is open its last one. */
  | { readonly type: 'remove'; readonly corner: number | null }
  | { readonly type: 'setRadius'; readonly radiusM: number }
  | { readonly type: 'setWidth'; readonly widthM: number }
  /** Takes over a shape as a whole. */
  | { readonly type: 'take'; readonly draft: Draft }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' };

/** Steps that are kept; older ones are forgotten. */
const MAX_STEPS = 200;

/** A drawing without anything, or of a place there is, with the tool it is drawn with. */
export function startDrawing(draft: Draft | null, tool: Tool = 'polygon'): Drawing {
  return {
    tool: draft === null ? tool : toolOf(draft),
    draft,
    isOpen: draft === null,
    active: null,
    undoSteps: [],
    redoSteps: [],
    gesture: null,
  };
}

function stepOf({ tool, draft, isOpen }: Drawing): Step {
  return { tool, draft, isOpen };
}

function change(drawing: Drawing, next: Partial<Drawing>, gesture: string | null = null): Drawing {
  const isSameGesture = gesture !== null && gesture === drawing.gesture;
  const undoSteps = isSameGesture
    ? drawing.undoSteps
    : [...drawing.undoSteps, stepOf(drawing)].slice(-MAX_STEPS);
  return { ...drawing, ...next, undoSteps, redoSteps: [], gesture };
}

function place(drawing: Drawing, at: LonLat): Drawing {
  const { tool, draft, isOpen } = drawing;
  if (!isOpen) return drawing;
  if (draft === null) return change(drawing, { draft: beginDraft(tool, at), active: null });
  const corners = cornersOf(draft);
  if (draft.kind === 'circle') {
    return change(drawing, { draft: addCorner(draft, at), isOpen: false });
  }
  const [lon, lat] = tidy(at);
  const isAt = (corner: LonLat | undefined): boolean => corner?.[0] === lon && corner[1] === lat;
  // twice on one spot says "done", on the first corner too
  if (isAt(corners.at(-1)) || (draft.kind === 'area' && isAt(corners[0]))) return finish(drawing);
  return change(drawing, { draft: addCorner(draft, at) });
}

function finish(drawing: Drawing): Drawing {
  const { draft, isOpen } = drawing;
  if (!isOpen || draft === null || !isShape(draft)) return drawing;
  return change(drawing, { isOpen: false, active: null });
}

function remove(drawing: Drawing, corner: number | null): Drawing {
  const { draft, isOpen } = drawing;
  if (draft === null) return drawing;
  if (isOpen) return change(drawing, { draft: removeLast(draft), active: null });
  if (corner === null) return drawing;
  const next = removeCorner(draft, corner);
  if (next === null) return drawing;
  const last = cornersOf(next).length - 1;
  return change(drawing, { draft: next, active: Math.min(corner, last) });
}

function chooseTool(drawing: Drawing, tool: Tool): Drawing {
  if (tool === drawing.tool) return drawing;
  if (drawing.draft === null) return { ...drawing, tool };
  return change(drawing, { tool, draft: null, isOpen: true, active: null });
}

function goBack(drawing: Drawing): Drawing {
  const step = drawing.undoSteps.at(-1);
  if (step === undefined) return drawing;
  return {
    ...drawing,
    ...step,
    active: null,
    gesture: null,
    undoSteps: drawing.undoSteps.slice(0, -1),
    redoSteps: [...drawing.redoSteps, stepOf(drawing)],
  };
}

function goForth(drawing: Drawing): Drawing {
  const step = drawing.redoSteps.at(-1);
  if (step === undefined) return drawing;
  return {
    ...drawing,
    ...step,
    active: null,
    gesture: null,
    undoSteps: [...drawing.undoSteps, stepOf(drawing)],
    redoSteps: drawing.redoSteps.slice(0, -1),
  };
}

/** Changes only the size of a shape that has one. */
function resize(drawing: Drawing, size: { radiusM: number } | { widthM: number }): Drawing {
  const { draft } = drawing;
  if (draft === null) return drawing;
  if (draft.kind === 'circle' && 'radiusM' in size) {
    return change(drawing, { draft: { ...draft, ...size }, isOpen: false }, 'size');
  }
  if (draft.kind === 'corridor' && 'widthM' in size) {
    return change(drawing, { draft: { ...draft, ...size } }, 'size');
  }
  return drawing;
}

/** The drawing after an action. What does not make sense at the moment changes nothing. */
export function draw(drawing: Drawing, action: DrawAction): Drawing {
  const { draft } = drawing;
  switch (action.type) {
    case 'chooseTool':
      return chooseTool(drawing, action.tool);
    case 'place':
      return place(drawing, action.at);
    case 'finish':
      return finish(drawing);
    case 'activate':
      return { ...drawing, active: action.corner, gesture: null };
    case 'move': {
      if (draft === null) return drawing;
      const { corner, to, gesture } = action;
      return change(drawing, { draft: moveCorner(draft, corner, to), active: corner }, gesture);
    }
    case 'insert': {
      if (draft === null) return drawing;
      const { after, at, gesture } = action;
      return change(drawing, { draft: insertCorner(draft, after, at), active: after + 1 }, gesture);
    }
    case 'remove':
      return remove(drawing, action.corner);
    case 'setRadius':
      return resize(drawing, { radiusM: action.radiusM });
    case 'setWidth':
      return resize(drawing, { widthM: action.widthM });
    case 'take': {
      const { draft: taken } = action;
      return change(drawing, { draft: taken, tool: toolOf(taken), isOpen: false, active: null });
    }
    case 'undo':
      return goBack(drawing);
    case 'redo':
      return goForth(drawing);
  }
}
