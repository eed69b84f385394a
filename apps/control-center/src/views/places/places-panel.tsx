import type { FenceReply, RuleReply } from '@followme/contracts';
import type { MapMouseEvent } from 'maplibre-gl';
import { type ReactNode, useEffect, useEffectEvent, useMemo, useState } from 'react';
import { createPortal } from 'react-dom';
import { useFences } from '../../hooks/use-fences.ts';
import { useGroups, useRules } from '../../hooks/use-lists.ts';
import { useMedia, WIDE } from '../../hooks/use-media.ts';
import type { MapEngine } from '../../map/map-engine.ts';
import { useMapEngine } from '../../map/map-slot.ts';
import { marksAround } from '../../map/marks-around.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { useCommands } from '../../shell/commands.ts';
import { navigate, useQueryParam, useRoute } from '../../shell/route.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { ImportDialog } from './import/import-dialog.tsx';
import { boundsOf } from './place-facts.ts';
import { PlaceDetail } from './place-detail.tsx';
import { PlaceEditor } from './place-editor.tsx';
import { PlaceList } from './place-list.tsx';
import styles from './places-panel.module.css';

const text = messages.places;
const NO_RULES: readonly RuleReply[] = [];
const SKELETON_ROWS = 6;

/** What the address says is open. */
export type PlacesOpen =
  | { readonly kind: 'list' }
  | { readonly kind: 'place'; readonly id: number }
  | { readonly kind: 'edit'; readonly id: number | null };

/** The query that opens the editor of a place. */
const EDIT = 'edit';

/** What of the places is open, as the address says. */
export function usePlacesOpen(): PlacesOpen {
  const { section, id, isNew } = useRoute();
  const isEditing = useQueryParam(EDIT) !== null;
  const mayEdit = useCan('manage');
  if (section !== 'places') return { kind: 'list' };
  if (isNew && mayEdit) return { kind: 'edit', id: null };
  if (id === null) return { kind: 'list' };
  return isEditing && mayEdit ? { kind: 'edit', id } : { kind: 'place', id };
}

const openList = (): void => navigate('/places');
const openPlace = (id: number): void => navigate(`/places/${id}`);
const openEditor = (id: number | null): void =>
  navigate(id === null ? '/places/new' : `/places/${id}?${EDIT}`);

/** The left panel of the places: their list, and in place of it the editor of one. */
export function PlacesPanel() {
  const open = usePlacesOpen();
  const fences = useFences();
  const mayEdit = useCan('manage');
  const isWide = useMedia(WIDE);
  const engine = useMapEngine();
  const [isImporting, setImporting] = useState(false);
  const rules = useRules();
  const selectedId = open.kind === 'list' ? null : open.id;
  const selected = useMemo(
    () => fences.data?.find(({ id }) => id === selectedId) ?? null,
    [fences.data, selectedId],
  );
  useSelectedOnMap(engine, open.kind === 'place' ? selected : null);
  usePlaceClicks(engine, open.kind !== 'edit');
  usePlaceKeys(open, useRoute().section === 'places');
  useGoneNotice(open, selected, fences.data);
  const detail = open.kind === 'place' && selected !== null && (
    <PlaceDetail
      key={selected.id}
      fence={selected}
      rules={rules.data ?? NO_RULES}
      onShow={engine === null ? null : () => engine.fitBounds(boundsOf(selected.geometry))}
      onEdit={() => openEditor(selected.id)}
      onClose={openList}
    />
  );
  const isCovered = open.kind === 'edit' || (detail !== false && !isWide);
  return (
    <div className={styles['panel']}>
      <div className={styles['list']} inert={isCovered} data-covered={isCovered}>
        <PlaceList
          fences={fences.data}
          isFailed={fences.isError}
          onRetry={() => void fences.refetch()}
          selectedId={selectedId}
          onSelect={openPlace}
          onAdd={mayEdit ? () => openEditor(null) : null}
          onImport={mayEdit ? () => setImporting(true) : null}
        />
      </div>
      {detail !== false && (isWide ? <Beside engine={engine}>{detail}</Beside> : detail)}
      {open.kind === 'edit' && (
        <Editing open={open} fence={selected} onImport={() => setImporting(true)} />
      )}
      <ImportDialog isOpen={isImporting} onClose={() => setImporting(false)} />
    </div>
  );
}

interface BesideProps {
  readonly engine: MapEngine | null;
  readonly children: ReactNode;
}

/** At the right edge of the map; without a map in place of the list. */
function Beside({ engine, children }: BesideProps) {
  const host = engine?.map.getContainer().parentElement;
  if (host === undefined || host === null) return children;
  return createPortal(<div className={styles['beside']}>{children}</div>, host);
}

interface EditingProps {
  readonly open: Extract<PlacesOpen, { kind: 'edit' }>;
  readonly fence: FenceReply | null;
  readonly onImport: () => void;
}

/** The editor once all it begins with is there. */
function Editing({ open, fence, onImport }: EditingProps) {
  const rules = useRules();
  const groups = useGroups();
  const isReady = rules.data !== undefined && groups.data !== undefined;
  const knownGroups = useMemo(() => new Set(groups.data?.map(({ id }) => id)), [groups.data]);
  // without the rules a place can still be drawn
  if ((!isReady && !rules.isError && !groups.isError) || (open.id !== null && fence === null)) {
    return <Skeleton rows={SKELETON_ROWS} label={text.loading} />;
  }
  return (
    <PlaceEditor
      key={open.id ?? 'new'}
      fence={fence}
      rules={rules.data ?? NO_RULES}
      knownGroups={knownGroups}
      onClose={(saved) =>
        saved === null && open.id === null ? openList() : openAfter(saved, open)
      }
      onImport={onImport}
    />
  );
}

function openAfter(saved: FenceReply | null, open: Extract<PlacesOpen, { kind: 'edit' }>): void {
  const id = saved?.id ?? open.id;
  if (id === null) openList();
  else openPlace(id);
}

/** Marks the selected place on the map, and brings it into sight. */
function useSelectedOnMap(engine: MapEngine | null, fence: FenceReply | null): void {
  const fenceId = fence?.id ?? null;
  const show = useEffectEvent(() => {
    if (fence !== null) engine?.fitBounds(boundsOf(fence.geometry));
  });
  useEffect(() => {
    if (engine === null || fenceId === null) return undefined;
    engine.highlightFence(fenceId);
    show();
    return () => engine.highlightFence(null);
  }, [engine, fenceId]);
}

/** A click on a place selects it; of several the smallest, which is the one on top of the others. */
function usePlaceClicks(engine: MapEngine | null, isActive: boolean): void {
  useEffect(() => {
    if (engine === null || !isActive) return undefined;
    const { map } = engine;
    function onClick({ point }: MapMouseEvent): void {
      // a tracker leads to itself, here too; a cluster is in the way of nothing
      if (marksAround(map, point).some(({ layer }) => layer.id !== 'clusters')) return;
      const hits = map.queryRenderedFeatures(point, { layers: ['fence-fill', 'fence-line'] });
      const id = hits[0]?.id;
      if (typeof id === 'number') openPlace(id);
    }
    map.on('click', onClick);
    return () => void map.off('click', onClick);
  }, [engine, isActive]);
}

const commands = messages.commands;

/** The keys of the places; those of drawing are heard by the drawing surface and only listed. */
function usePlaceKeys(open: PlacesOpen, isShown: boolean): void {
  const group = 'drawing';
  useCommands([
    {
      id: 'place-back',
      title: commands.back,
      group,
      keys: ['Escape'],
      inPalette: false,
      isEnabled: isShown && open.kind === 'place',
      run: openList,
    },
    { id: 'draw-move', title: text.keys.crosshair, group, keys: ['← ↑ → ↓'], run: null },
    { id: 'draw-corner', title: text.keys.corner, group, keys: ['Enter'], run: null },
    { id: 'draw-back', title: text.keys.back, group, keys: ['Backspace'], run: null },
    { id: 'draw-done', title: text.keys.done, group, keys: ['D'], run: null },
    { id: 'draw-next', title: text.keys.next, group, keys: ['Tab'], run: null },
    { id: 'draw-metre', title: text.keys.metre, group, keys: ['← ↑ → ↓'], run: null },
    { id: 'draw-remove', title: text.keys.remove, group, keys: ['Delete'], run: null },
    { id: 'draw-leave', title: text.keys.leave, group, keys: ['Escape'], run: null },
    { id: 'draw-undo', title: text.undo, group, keys: ['Mod+Z'], run: null },
    { id: 'draw-redo', title: text.redo, group, keys: ['Mod+Shift+Z'], run: null },
  ]);
}

/** A place of the address that is not there: says so and shows the list. */
function useGoneNotice(
  open: PlacesOpen,
  selected: FenceReply | null,
  fences: readonly FenceReply[] | undefined,
): void {
  const isGone =
    open.kind !== 'list' && open.id !== null && fences !== undefined && selected === null;
  useEffect(() => {
    // while somebody edits, the editor says what became of the place
    if (!isGone || open.kind === 'edit') return;
    showToast({ kind: 'info', title: text.goneTitle, text: text.goneText });
    navigate('/places', { replace: true });
  }, [isGone, open.kind]);
}
