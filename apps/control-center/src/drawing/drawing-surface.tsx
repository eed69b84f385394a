import { Circle, Hexagon, Redo2, Route, Undo2, Upload } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useId, useState } from 'react';
import { createPortal } from 'react-dom';
import { formatCoordinates } from '../format/units.ts';
import type { MapEngine } from '../map/map-engine.ts';
import { messages } from '../messages/messages.ts';
import type { LonLat } from '../places/sphere.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { cornersOf, type Tool } from './draft.ts';
import type { Drawing } from './drawing.ts';
import { sizeWords } from './size-words.ts';
import { activePlace, type DrawingTool } from './use-drawing.ts';
import styles from './drawing-surface.module.css';

const text = messages.places;
const TOOLS: readonly (readonly [Tool, LucideIcon])[] = [
  ['polygon', Hexagon],
  ['circle', Circle],
  ['corridor', Route],
];

interface Props {
  readonly engine: MapEngine;
  readonly tool: DrawingTool;
  readonly surfaceRef: RefObject<HTMLDivElement | null>;
  /** What is wrong with the shape, in words; empty is nothing. */
  readonly problem: string;
  readonly onImport: () => void;
}

/** What lies over the map while a place is drawn: tools, crosshair, size, what the keys do. */
export function DrawingSurface(props: Props) {
  const { engine, tool, surfaceRef, problem, onImport } = props;
  const helpId = useId();
  const host = engine.map.getContainer().parentElement;
  const anchor = activePlace(tool.drawing);
  useMapMoves(engine);
  if (host === null) return null;
  const project = ([lon, lat]: LonLat) => engine.map.project([lon, lat]);
  return createPortal(
    <div className={styles['over']} data-region="drawing">
      <ToolBar tool={tool} onImport={onImport} />
      <div
        ref={surfaceRef}
        className={styles['surface']}
        role="application"
        aria-label={text.surface}
        aria-describedby={helpId}
        tabIndex={0}
        data-testid="drawing-surface"
        data-by-hand={tool.isByHand}
        onKeyDown={tool.onKeyDown}
        onFocus={tool.onFocus}
        onBlur={tool.onBlur}
      >
        <p id={helpId} className={styles['hidden']}>
          {text.surfaceHelp}
        </p>
        {tool.crosshair !== null && <Crosshair at={project(tool.crosshair)} />}
        {anchor !== null && (
          <Floating at={project(anchor)} className={styles['keyHint']}>
            {text.hints.arrows}: {text.hints.moveCorner}
          </Floating>
        )}
        <SizeChip drawing={tool.drawing} project={project} />
      </div>
      <div className={styles['foot']}>
        {problem !== '' && (
          <p className={styles['problem']} role="alert">
            {problem}
          </p>
        )}
        <Hints drawing={tool.drawing} />
      </div>
      <Said tool={tool} />
    </div>,
    host,
  );
}

/** Renders again when the map moves: what floats over it must stay where it is. */
function useMapMoves({ map }: MapEngine): void {
  const [, render] = useState(0);
  useEffect(() => {
    const onMove = (): void => render((count) => count + 1);
    map.on('move', onMove);
    map.on('resize', onMove);
    return () => {
      map.off('move', onMove);
      map.off('resize', onMove);
    };
  }, [map]);
}

function ToolBar({ tool, onImport }: Pick<Props, 'tool' | 'onImport'>) {
  const { drawing, act } = tool;
  return (
    <div className={styles['tools']} role="toolbar" aria-label={text.tools}>
      {TOOLS.map(([id, Icon]) => (
        <button
          key={id}
          type="button"
          className={styles['tool']}
          aria-pressed={drawing.tool === id}
          onClick={() => act({ type: 'chooseTool', tool: id })}
        >
          <Icon size={16} aria-hidden="true" />
          <span>{text.toolNames[id]}</span>
        </button>
      ))}
      <span className={styles['divider']} />
      <IconButton
        label={text.undo}
        isDisabled={drawing.undoSteps.length === 0}
        onPress={() => act({ type: 'undo' })}
      >
        <Undo2 size={16} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={text.redo}
        isDisabled={drawing.redoSteps.length === 0}
        onPress={() => act({ type: 'redo' })}
      >
        <Redo2 size={16} aria-hidden="true" />
      </IconButton>
      <span className={styles['divider']} />
      <IconButton label={text.importFile} onPress={onImport}>
        <Upload size={16} aria-hidden="true" />
      </IconButton>
      {drawing.isOpen && drawing.draft !== null && (
        <Button size="small" onPress={() => act({ type: 'finish' })}>
          {text.done}
        </Button>
      )}
    </div>
  );
}

interface Pixel {
  readonly x: number;
  readonly y: number;
}

function Crosshair({ at }: { readonly at: Pixel }) {
  return <span className={styles['crosshair']} style={{ translate: `${at.x}px ${at.y}px` }} />;
}

interface FloatingProps {
  readonly at: Pixel;
  readonly className: string | undefined;
  readonly children: ReactNode;
}

/** At a place of the map: left and top are those of the map, whichever way people read. */
function Floating({ at, className, children }: FloatingProps) {
  return (
    <span className={className} style={{ translate: `${at.x}px ${at.y}px` }} aria-hidden="true">
      <span>{children}</span>
    </span>
  );
}

interface SizeProps {
  readonly drawing: Drawing;
  readonly project: (place: LonLat) => Pixel;
}

/** The size below the shape. */
function SizeChip({ drawing, project }: SizeProps) {
  const { draft } = drawing;
  if (draft === null || cornersOf(draft).length < 2) return null;
  const pixels = cornersOf(draft).slice(0, 2_000).map(project);
  const lowest = pixels.reduce((low, at) => (at.y > low.y ? at : low), { x: 0, y: -Infinity });
  return (
    <Floating at={lowest} className={styles['size']}>
      {sizeWords(draft)}
    </Floating>
  );
}

function Hints({ drawing }: { readonly drawing: Drawing }) {
  const { hints } = text;
  return (
    <p className={styles['hints']} aria-hidden="true">
      {hintsOf(drawing).map(([key, words]) => (
        <span key={words}>
          <Kbd>{key}</Kbd> {words}
        </span>
      ))}
      {drawing.isOpen && drawing.draft !== null && drawing.draft.kind !== 'circle' && (
        <span>
          <Kbd>D</Kbd> {hints.closes}
        </span>
      )}
    </p>
  );
}

function hintsOf({ draft, isOpen, tool }: Drawing): readonly (readonly [string, string])[] {
  const { hints } = text;
  if (!isOpen) {
    return [
      [hints.click, hints.addsCorner],
      ['⌫', hints.removes],
      ['Enter', hints.closes],
    ];
  }
  if (draft === null && tool === 'circle') {
    return [
      [hints.click, hints.centre],
      [hints.drag, hints.whole],
    ];
  }
  if (draft === null) return [[hints.click, hints.first]];
  if (draft.kind === 'circle') return [[hints.click, hints.edge]];
  return [
    [hints.click, hints.next],
    ['⌫', hints.undoCorner],
  ];
}

/** What happened, for who does not see it. */
function Said({ tool }: { readonly tool: DrawingTool }) {
  return (
    <p className={styles['hidden']} aria-live="polite" data-testid="drawing-said">
      {saidOf(tool)}
    </p>
  );
}

function saidOf({ drawing, crosshair }: DrawingTool): string {
  const { draft, isOpen } = drawing;
  const active = activePlace(drawing);
  if (draft === null) {
    return crosshair === null
      ? ''
      : text.said.crosshair(formatCoordinates(crosshair[1], crosshair[0]));
  }
  const corners = cornersOf(draft);
  if (active !== null && drawing.active !== null) {
    return text.said.active(
      drawing.active + 1,
      corners.length,
      formatCoordinates(active[1], active[0]),
    );
  }
  return isOpen ? text.said.corner(corners.length) : text.said.closed(sizeWords(draft));
}
