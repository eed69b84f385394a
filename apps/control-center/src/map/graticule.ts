/**
 * Lines of latitude and longitude at a spacing that fits the zoom. The base map has no streets; close up, the
 * lines and their labels are what gives distance and place.
 */

/** Spacings in degrees, largest first. */
const STEPS = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001] as const;
/** Lines are at least this far apart, in pixels. */
const LEAST_GAP_PX = 140;
const TILE_PX = 512;
/** More lines than this are never drawn, whatever the bounds say. */
const MAX_LINES = 80;

export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** The smallest spacing whose lines are far enough apart at this zoom. */
export function graticuleStep(zoom: number): number {
  const pxPerDegree = (TILE_PX * 2 ** zoom) / 360;
  return STEPS.findLast((step) => step * pxPerDegree >= LEAST_GAP_PX) ?? STEPS[0];
}

function ticks(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  const last = Math.min(Math.floor(to / step), first + MAX_LINES);
  const list: number[] = [];
  // multiples of whole numbers: 0.1 added up would drift
  for (let i = first; i <= last; i += 1) list.push(i * step);
  return list;
}

function decimals(step: number): number {
  return step >= 1 ? 0 : Math.ceil(-Math.log10(step));
}

/** `52.3° N`, `4.75° E`: the value with as many decimals as the spacing needs. */
export function formatDegrees(value: number, step: number, axis: 'lat' | 'lon'): string {
  const wrapped = axis === 'lon' ? ((((value + 180) % 360) + 360) % 360) - 180 : value;
  const text = `${Math.abs(wrapped).toFixed(decimals(step))}°`;
  if (Math.abs(wrapped) < step / 2) return text;
  if (axis === 'lat') return `${text} ${wrapped > 0 ? 'N' : 'S'}`;
  return `${text} ${wrapped > 0 ? 'E' : 'W'}`;
}

export interface GraticuleLine {
  readonly type: 'Feature';
  readonly geometry: { readonly type: 'LineString'; readonly coordinates: [number, number][] };
  readonly properties: { readonly label: string };
}

const MERCATOR_EDGE = 85;

/** The lines that cross the bounds, with a little to spare so that a small pan needs no new ones. */
export function graticule(bounds: Bounds, zoom: number): GraticuleLine[] {
  const step = graticuleStep(zoom);
  const west = bounds.west - step;
  const east = bounds.east + step;
  const south = Math.max(-MERCATOR_EDGE, bounds.south - step);
  const north = Math.min(MERCATOR_EDGE, bounds.north + step);
  const line = (coordinates: [number, number][], label: string): GraticuleLine => ({
    type: 'Feature',
    geometry: { type: 'LineString', coordinates },
    properties: { label },
  });
  return [
    ...ticks(west, east, step).map((lon) =>
      line(
        [
          [lon, south],
          [lon, north],
        ],
        formatDegrees(lon, step, 'lon'),
      ),
    ),
    ...ticks(south, north, step).map((lat) =>
      line(
        [
          [west, lat],
          [east, lat],
        ],
        formatDegrees(lat, step, 'lat'),
      ),
    ),
  ];
}
