/** The map where the browser cannot draw one: coasts and marks as a picture that is drawn anew as they change. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { MEDIUM, useMedia } from '../../hooks/use-media.ts';
import { useLive } from '../../live/live-context.ts';
import type { MarkFeature } from '../../live/mark-features.ts';
import { loadBaseMap } from '../../map/base-map.ts';
import {
  landPath,
  placeOn,
  STILL_SIZES,
  type StillSize,
  type StillView,
  stillView,
} from '../../map/still-view.ts';
import { messages } from '../../messages/messages.ts';
import { SEVERITY_PATHS } from '../../ui/severity-glyph.tsx';
import styles from './still-map.module.css';

interface Props {
  readonly selectedId: number | null;
  readonly onSelect: (trackerId: number) => void;
}

/** The marks of all trackers under the filter, in a view that holds them. */
function useStillMarks(selectedId: number | null, size: StillSize) {
  const { store } = useLive();
  const [view, setView] = useState<StillView | null>(null);
  const [marks, setMarks] = useState<ReadonlyMap<number, MarkFeature>>(new Map());
  useEffect(() => {
    const drawn = new Map<number, MarkFeature>();
    let shown: StillView | null = null;
    return store.openMap(({ diff, box }) => {
      for (const id of diff.remove) drawn.delete(id);
      for (const feature of [...diff.add, ...diff.update]) drawn.set(feature.id, feature);
      setMarks(new Map(drawn));
      const next = box === null ? null : stillView(box, size, shown);
      if (next === null || next === shown) return;
      shown = next;
      setView(next);
      store.setView(next);
    });
  }, [store, size]);
  // here the selection is a mark as all others: the picture has no other way to show it
  useEffect(() => store.select(null), [store, selectedId]);
  return { view, marks };
}

/** Marks can be clicked; whoever uses keys has the table, which says the same. */
export function StillMap({ selectedId, onSelect }: Props) {
  const size = useMedia(MEDIUM) ? STILL_SIZES.wide : STILL_SIZES.narrow;
  const { view, marks } = useStillMarks(selectedId, size);
  const base = useQuery({
    queryKey: ['base-map'],
    queryFn: loadBaseMap,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const land = useMemo(
    () => (view === null || base.data === undefined ? '' : landPath(base.data.land, view)),
    [view, base.data],
  );
  return (
    <svg
      className={styles['map']}
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="xMidYMid meet"
      role="img"
      aria-label={messages.live.stillMap}
      data-testid="still-map"
    >
      <path className={styles['land']} d={land} />
      {view !== null &&
        [...marks.values()].map((mark) => (
          <StillMark
            key={mark.id}
            mark={mark}
            view={view}
            isSelected={mark.id === selectedId}
            onSelect={onSelect}
          />
        ))}
    </svg>
  );
}

interface MarkProps {
  readonly mark: MarkFeature;
  readonly view: StillView;
  readonly isSelected: boolean;
  readonly onSelect: (trackerId: number) => void;
}

function StillMark({ mark, view, isSelected, onSelect }: MarkProps) {
  const { id, properties, geometry } = mark;
  const [x, y] = placeOn(view, geometry.coordinates);
  const isCluster = properties.kind === 'cluster';
  return (
    <g
      transform={`translate(${x} ${y})`}
      className={isSelected ? styles['selected'] : styles[properties.image]}
      onClick={isCluster ? undefined : () => onSelect(id)}
    >
      {isCluster ? (
        <>
          <circle r={13} className={styles['cluster']} />
          <text textAnchor="middle" dominantBaseline="central">
            {properties.count}
          </text>
        </>
      ) : (
        <Shape image={properties.image} heading={properties.heading} />
      )}
      {properties.label !== '' && (
        <text className={styles['label']} x={14} dominantBaseline="central">
          {properties.label}
        </text>
      )}
    </g>
  );
}

function Shape({ image, heading }: { readonly image: string; readonly heading: number }) {
  switch (image) {
    case 'critical':
    case 'high':
    case 'medium':
      return <path d={SEVERITY_PATHS[image]} transform="translate(-10 -10) scale(0.83)" />;
    case 'idle':
      return <rect x={-5} y={-5} width={10} height={10} rx={3} />;
    case 'silent':
      return <circle r={5} strokeDasharray="5 2.85" />;
    case 'moving-disc':
      return <circle r={6} />;
    default:
      return (
        <path d="M0 -10.6 L4.9 -3.6 A6 6 0 1 1 -4.9 -3.6 Z" transform={`rotate(${heading})`} />
      );
  }
}
