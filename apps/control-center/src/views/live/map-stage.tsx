import { MapPinOff, Maximize, Minus, Pentagon, Plus } from 'lucide-react';
import { type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react';
import { browserClock } from '../../browser/clock.ts';
import { formatScale } from '../../format/units.ts';
import { useFences } from '../../hooks/use-fences.ts';
import { usePlaces } from '../../hooks/use-places.ts';
import { useStreetMap } from '../../hooks/use-street-map.ts';
import { useLive, useTracker } from '../../live/live-context.ts';
import type { MapEngine } from '../../map/map-engine.ts';
import type { ClusterMembers } from '../../live/live-store.ts';
import type { MapEvents, Padding } from '../../map/map-parts.ts';
import type { Scale } from '../../map/scale.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { navigate } from '../../shell/route.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { usePlacesOpen } from '../places/places-panel.tsx';
import { StreetMapBar } from './street-map-bar.tsx';
import type { Trail } from './use-trail.ts';
import styles from './map-stage.module.css';

/** Everything on the map comes from outside. */
export interface MapStageProps {
  readonly selectedId: number | null;
  readonly trail: Trail;
  readonly following: boolean;
  readonly padding: Padding;
  readonly engineRef: RefObject<MapEngine | null>;
  readonly onSelect: (trackerId: number | null) => void;
  readonly onCluster: (cluster: ClusterMembers) => void;
  readonly onPan: () => void;
  /** The browser cannot draw the map: the table has to do. */
  readonly onNoMap: () => void;
}

const text = messages.map;

/** Starts the map once and hands it down when it can be drawn on. */
function useEngine(props: MapStageProps, hostRef: RefObject<HTMLDivElement | null>) {
  const { store, mapSlot } = useLive();
  const [engine, setEngine] = useState<MapEngine | null>(null);
  const [marks, setMarks] = useState(0);
  const [scale, setScale] = useState<Scale | null>(null);
  const [base, setBase] = useState<'loading' | 'drawn' | 'failed'>('loading');
  const padding = useEffectEvent(() => props.padding);
  const onSelect = useEffectEvent((trackerId: number | null) => props.onSelect(trackerId));
  const onCluster = useEffectEvent((cluster: ClusterMembers) => props.onCluster(cluster));
  const onPan = useEffectEvent(() => props.onPan());
  const onNoMap = useEffectEvent(() => props.onNoMap());
  const { engineRef } = props;

  useEffect(() => {
    const container = hostRef.current;
    if (container === null) return undefined;
    let gone = false;
    let started: MapEngine | null = null;
    const events: MapEvents = {
      onSelect: (trackerId) => onSelect(trackerId),
      onCluster: (cluster) => onCluster(cluster),
      onMarks: setMarks,
      onScale: setScale,
      onBase: setBase,
      onPan: () => onPan(),
    };
    async function start(host: HTMLElement): Promise<void> {
      // the engine is large and not needed to log in
      const { createMapEngine } = await import('../../map/map-engine.ts');
      if (gone) return;
      const made = await createMapEngine({
        container: host,
        clock: browserClock,
        store,
        padding: () => padding(),
        events,
      });
      if (gone) return made.destroy();
      started = made;
      engineRef.current = made;
      mapSlot.set(made);
      setEngine(made);
    }
    start(container).catch((error: unknown) => {
      // the table takes over; why is for whoever is asked about it
      console.warn('The map did not start.', error);
      if (!gone) onNoMap();
    });
    return () => {
      gone = true;
      engineRef.current = null;
      mapSlot.set(null);
      started?.destroy();
      setEngine(null);
    };
  }, [store, mapSlot, hostRef, engineRef]);

  return { engine, marks, scale, base };
}

/** The map with its tools; everything on it comes from outside and is handed on to the engine. */
export function MapStage(props: MapStageProps) {
  const { selectedId, trail, following } = props;
  const hostRef = useRef<HTMLDivElement>(null);
  const { engine, marks, scale, base } = useEngine(props, hostRef);
  const street = useStreetMap(engine?.map ?? null);
  const mayDraw = useCan('manage');
  const isDrawing = usePlacesOpen().kind === 'edit';
  const places = usePlaces();
  const fences = useFences();

  useEffect(() => engine?.select(selectedId), [engine, selectedId]);
  useEffect(() => engine?.follow(following), [engine, following]);
  const accuracyM = useTracker(selectedId)?.fix?.accuracyM ?? trail.accuracyM;
  const { points, tip } = trail;
  useEffect(() => engine?.setTrail({ points, tip }, accuracyM), [engine, points, tip, accuracyM]);
  useEffect(() => {
    if (places !== null) engine?.setCities(places.cities);
  }, [engine, places]);
  useEffect(() => {
    if (fences.data !== undefined) engine?.setFences(fences.data);
  }, [engine, fences.data]);

  return (
    <div className={styles['stage']} data-region="map">
      <div
        ref={hostRef}
        className={styles['map']}
        data-testid="map"
        data-marks={marks}
        data-base={base}
        data-street={street.state}
        role="region"
        aria-label={text.label}
      />
      {(engine === null || base === 'loading') && (
        <div className={styles['loading']} role="status" aria-label={text.loading} />
      )}
      <StreetMapBar street={street} />
      <div className={styles['tools']} role="toolbar" aria-label={text.tools}>
        <IconButton label={text.zoomIn} onClick={() => engine?.zoomBy(1)}>
          <Plus size={16} />
        </IconButton>
        <IconButton label={text.zoomOut} onClick={() => engine?.zoomBy(-1)}>
          <Minus size={16} />
        </IconButton>
        <IconButton label={text.fit} onClick={() => engine?.fitAll()}>
          <Maximize size={16} />
        </IconButton>
        {mayDraw && !isDrawing && (
          <IconButton label={text.draw} onClick={() => navigate('/places/new')}>
            <Pentagon size={16} />
          </IconButton>
        )}
      </div>
      <div className={styles['legend']}>
        {scale !== null && (
          <span className={styles['scale']} style={{ inlineSize: scale.widthPx }}>
            {formatScale(scale.lengthM)}
          </span>
        )}
        <span>{street.attribution ?? text.attribution}</span>
        {base === 'failed' && <span role="status">{text.failedText}</span>}
        {fences.isError && (
          <span role="status" className={styles['failed']}>
            <MapPinOff size={14} aria-hidden="true" />
            {text.placesFailed}
            <Button size="small" onClick={() => void fences.refetch()}>
              {messages.trackers.tryAgain}
            </Button>
          </span>
        )}
      </div>
    </div>
  );
}
