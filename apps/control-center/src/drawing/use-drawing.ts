/** A drawing on the live map: state, map layers, pointer and keys put together. */
import { type KeyboardEvent, useEffect, useEffectEvent, useReducer, useRef, useState } from 'react';
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
  /** For the drawing surface. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

interface DrawingInput {
  readonly engine: MapEngine | null;
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
  readonly onMouse: () => void;
}

/** Shows the drawing on the map and hears mouse and finger there. */
function useDrawingOnMap({ engine, drawing, act, crosshair, wrongAt, onMouse }: OnMapInput): void {
  const [pointer, setPointer] = useState<LonLat | null>(null);
  const current = useEffectEvent(() => drawing);
  const mouse = useEffectEvent(onMouse);
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
        if (at !== null) mouse();
      },
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
export function useDrawing({ engine, start, wrongAt, onDone }: DrawingInput): DrawingTool {
  const [drawing, act] = useReducer(draw, null, start);
  const [crosshair, setCrosshair] = useState<LonLat | null>(null);
  /** Escape was the last key: Tab is the browser's. */
  const isLeaving = useRef(false);
  useDrawingMap(engine);
  const onMouse = (): void => setCrosshair(null);
  useDrawingOnMap({ engine, drawing, act, crosshair, wrongAt, onMouse });

  function middleOfMap(): LonLat {
    const centre = engine?.map.getCenter();
    return centre === undefined ? [0, 0] : [centre.lng, centre.lat];
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey) return;
    const { key, shiftKey: shift, repeat: isRepeat } = event;
    if (isLeaving.current && key === 'Tab') return;
    const at = crosshair ?? middleOfMap();
    const meaning = keyMeaning(
      { key, shift, command: event.ctrlKey || event.metaKey, isRepeat },
      drawing,
      at,
    );
    if (meaning === null) return;
    event.preventDefault();
    event.stopPropagation();
    isLeaving.current = meaning.type === 'leave';
    if (meaning.type === 'nothing') return;
    if (meaning.type === 'leave') return act({ type: 'activate', corner: null });
    if (meaning.type === 'done') return onDone();
    if (drawing.isOpen) setCrosshair(at);
    if (meaning.type === 'draw') return act(meaning.action);
    if (engine === null) return;
    setCrosshair(stepCrosshair(engine.map, at, [meaning.rightPx, meaning.downPx]));
  }

  return {
    drawing,
    act,
    crosshair: drawing.isOpen ? crosshair : null,
    onKeyDown,
    onFocus() {
      isLeaving.current = false;
      if (drawing.isOpen) setCrosshair((known) => known ?? middleOfMap());
    },
    onBlur: () => setCrosshair(null),
  };
}

/** Where the active handle is; null when none is. */
export function activePlace({ draft, active }: Drawing): LonLat | null {
  if (draft === null || active === null) return null;
  return cornersOf(draft)[active] ?? null;
}
