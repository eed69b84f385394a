/** A drawing on the live map: state, map layers, pointer and keys put together. */
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useReducer,
  useRef,
  useState,
} from 'react';
import type { MapEngine } from '../map/map-engine.ts';
import type { LonLat } from '../places/sphere.ts';
import { cornersOf } from './draft.ts';
import { createDraftLayer } from './draft-layer.ts';
import { draw, type DrawAction, type Drawing } from './drawing.ts';
import { keyMeaning } from './keys.ts';
import { stepCrosshair, watchPointer } from './pointer.ts';

/** What the page needs of a drawing. */
export interface DrawingTool {
  readonly drawing: Drawing;
  readonly act: (action: DrawAction) => void;
  /** Where the keys set the next corner; null while the keys are elsewhere. */
  readonly crosshair: LonLat | null;
  /** The keys came to the surface with a press on the map, and none was used since. */
  readonly isByHand: boolean;
  /** For the drawing surface. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

interface DrawingInput {
  readonly engine: MapEngine | null;
  /** Hears the keys; gets the focus with every press on the map. */
  readonly surfaceRef: RefObject<HTMLElement | null>;
  readonly start: () => Drawing;
  /** Where the shape is wrong; null is nowhere. */
  readonly wrongAt: (drawing: Drawing) => LonLat | null;
  /** Enter while everything is drawn. */
  readonly onDone: () => void;
}

/** Takes the map for drawing as long as the caller is on the page. */
function useDrawingMap(engine: MapEngine | null): void {
  useEffect(() => {
    if (engine === null) return undefined;
    const { map } = engine;
    const canvas = map.getCanvas();
    const { tabIndex } = canvas;
    engine.setDrawing(true);
    map.doubleClickZoom.disable();
    map.keyboard.disable();
    canvas.tabIndex = -1;
    return () => {
      engine.setDrawing(false);
      map.doubleClickZoom.enable();
      map.keyboard.enable();
      canvas.tabIndex = tabIndex;
    };
  }, [engine]);
}

interface OnMapInput extends Pick<DrawingInput, 'engine' | 'wrongAt'> {
  readonly drawing: Drawing;
  readonly act: (action: DrawAction) => void;
  readonly crosshair: LonLat | null;
  /** A hand on the mouse takes over from the keys. */
  readonly onMouse: (at: LonLat) => void;
  readonly onTouched: () => void;
}

/** Shows the drawing on the map and hears mouse and finger there. */
function useDrawingOnMap(input: OnMapInput): void {
  const { engine, drawing, act, crosshair, wrongAt, onMouse, onTouched } = input;
  const [pointer, setPointer] = useState<LonLat | null>(null);
  const current = useEffectEvent(() => drawing);
  const mouse = useEffectEvent(onMouse);
  const touched = useEffectEvent(onTouched);
  const layerRef = useRef<ReturnType<typeof createDraftLayer> | null>(null);
  const show = useEffectEvent(() => {
    layerRef.current?.show({ drawing, pointer: crosshair ?? pointer, wrong: wrongAt(drawing) });
  });
  useEffect(() => {
    if (engine === null) return undefined;
    const layer = createDraftLayer(engine.map);
    layerRef.current = layer;
    show();
    const stop = watchPointer({
      map: engine.map,
      drawing: () => current(),
      act,
      onPointer(at) {
        setPointer(at);
        if (at !== null) mouse(at);
      },
      onTouched: () => touched(),
    });
    return () => {
      stop();
      layerRef.current = null;
      layer.remove();
    };
  }, [engine]);
  useEffect(() => show(), [drawing, pointer, crosshair]);
}

/** Draws, listens, and answers what the page shows. */
export function useDrawing(input: DrawingInput): DrawingTool {
  const { engine, surfaceRef, start, wrongAt, onDone } = input;
  const [drawing, act] = useReducer(draw, null, start);
  const [crosshair, setCrosshair] = useState<LonLat | null>(null);
  /** Escape was the last key: Tab is the browser's. */
  const isLeaving = useRef(false);
  const [isByHand, setByHand] = useState(false);
  const lastAt = useRef<LonLat | null>(null);
  useDrawingMap(engine);
  function onMouse(at: LonLat): void {
    lastAt.current = at;
    setCrosshair(null);
  }
  function onTouched(): void {
    setByHand(true);
    surfaceRef.current?.focus({ preventScroll: true });
    setCrosshair(null);
  }
  useDrawingOnMap({ engine, drawing, act, crosshair, wrongAt, onMouse, onTouched });

  /** Where the crosshair appears: where the hand was last, when that is in sight, else in the middle. */
  function entryOfCrosshair(): LonLat {
    if (engine === null) return [0, 0];
    const { map } = engine;
    const last = lastAt.current;
    if (last !== null && map.getBounds().contains([last[0], last[1]])) return last;
    const { lng, lat } = map.getCenter();
    return [lng, lat];
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey) return;
    const { key, shiftKey: shift, repeat: isRepeat } = event;
    if (isLeaving.current && key === 'Tab') return;
    const meaning = keyMeaning(
      { key, shift, command: event.ctrlKey || event.metaKey, isRepeat },
      drawing,
      crosshair,
    );
    if (meaning === null) return;
    setByHand(false);
    event.preventDefault();
    event.stopPropagation();
    isLeaving.current = meaning.type === 'leave';
    if (meaning.type === 'nothing') return;
    if (meaning.type === 'leave') return act({ type: 'activate', corner: null });
    if (meaning.type === 'done') return onDone();
    if (meaning.type === 'draw') return act(meaning.action);
    if (engine === null) return;
    const at = crosshair ?? entryOfCrosshair();
    setCrosshair(stepCrosshair(engine.map, at, [meaning.rightPx, meaning.downPx]));
  }

  return {
    drawing,
    act,
    crosshair: drawing.isOpen ? crosshair : null,
    isByHand,
    onKeyDown,
    onFocus() {
      isLeaving.current = false;
      if (drawing.isOpen) setCrosshair((known) => known ?? entryOfCrosshair());
    },
    onBlur() {
      setByHand(false);
      setCrosshair(null);
    },
  };
}

/** Where the active handle is; null when none is. */
export function activePlace({ draft, active }: Drawing): LonLat | null {
  if (draft === null || active === null) return null;
  return cornersOf(draft)[active] ?? null;
}
