/**
 * The marks of the map, drawn on a canvas: shape carries the state, colour repeats it, and a halo in the
 * colour of the surface keeps them apart from whatever lies below.
 */
import type { Map as MapLibreMap } from 'maplibre-gl';
import { type MapColours, readMapColours } from './colours.ts';
import { parseRing, type RingSlice } from './cluster-ring.ts';

/** Names under which the images are known to the map's style. */
type MarkImage =
  | 'moving'
  | 'moving-disc'
  | 'idle'
  | 'silent'
  | 'selected'
  | 'selected-disc'
  | 'arrow'
  | 'stop'
  | 'chip'
  | 'critical'
  | 'critical-chip'
  | 'high'
  | 'medium';

const HALO_PX = 1.75;
/** Images are drawn this much larger than shown, so that they stay sharp on dense screens. */
const PIXEL_RATIO = 3;

type Paint = (context: CanvasRenderingContext2D) => void;

/** A drop with its tip to the north; the layer turns it along the heading. `scale` 1 is 24 px high. */
function drop(fill: string, halo: string, scale: number): Paint {
  return (context) => {
    context.scale(scale, scale);
    const path = new Path2D('M0 -10.6 L4.9 -3.6 A6 6 0 1 1 -4.9 -3.6 Z');
    outline(context, path, fill, halo, HALO_PX / scale);
  };
}

function disc(fill: string, halo: string, radius: number): Paint {
  return (context) => {
    const path = new Path2D();
    path.arc(0, 0, radius, 0, 2 * Math.PI);
    outline(context, path, fill, halo, HALO_PX);
  };
}

function square(fill: string, halo: string, size: number): Paint {
  return (context) => {
    const path = new Path2D();
    path.roundRect(-size / 2, -size / 2, size, size, size * 0.3);
    outline(context, path, fill, halo, HALO_PX);
  };
}

function outline(
  context: CanvasRenderingContext2D,
  path: Path2D,
  fill: string,
  halo: string,
  haloPx: number,
): void {
  context.lineJoin = 'round';
  context.strokeStyle = halo;
  context.lineWidth = haloPx * 2;
  context.stroke(path);
  context.fillStyle = fill;
  context.fill(path);
}

function brokenRing(stroke: string, halo: string): Paint {
  return (context) => {
    context.fillStyle = halo;
    context.beginPath();
    context.arc(0, 0, 7.4, 0, 2 * Math.PI);
    context.fill();
    context.strokeStyle = stroke;
    context.lineWidth = 2.2;
    const gap = 0.45;
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const start = (quarter * Math.PI) / 2 + gap / 2;
      context.beginPath();
      context.arc(0, 0, 5, start, start + Math.PI / 2 - gap);
      context.stroke();
    }
  };
}

function arrow(fill: string, halo: string): Paint {
  return (context) => {
    // lies along the line: its tip to the right
    outline(context, new Path2D('M-3.6 -4.4 L4.6 0 L-3.6 4.4 Z'), fill, halo, 1.1);
  };
}

function stop(accent: string, surface: string): Paint {
  return (context) => {
    context.beginPath();
    context.roundRect(-4.5, -4.5, 9, 9, 2.8);
    context.fillStyle = surface;
    context.fill();
    context.strokeStyle = accent;
    context.lineWidth = 2;
    context.stroke();
  };
}

/** The shape of a severity with its exclamation mark. */
function severity(path: string, fill: string, colours: MapColours): Paint {
  return (context) => {
    outline(context, new Path2D(path), fill, colours.surface, HALO_PX);
    context.strokeStyle = colours['on-critical'];
    context.lineWidth = 2;
    context.lineCap = 'round';
    context.stroke(new Path2D('M0 -3.6 L0 0.6'));
    context.stroke(new Path2D('M0 4.2 L0 4.35'));
  };
}

const OCTAGON = 'M-3.9 -9.4 L3.9 -9.4 L9.4 -3.9 L9.4 3.9 L3.9 9.4 L-3.9 9.4 L-9.4 3.9 L-9.4 -3.9 Z';
const TRIANGLE = 'M0 -9.6 L10 8 L-10 8 Z';
const DIAMOND = 'M0 -10 L10 0 L0 10 L-10 0 Z';

/** The ground of the words beside a critical alert. */
function criticalChip({ critical }: MapColours): Paint {
  return (context) => {
    context.beginPath();
    context.roundRect(-12, -9, 24, 18, 6);
    context.shadowColor = 'rgb(20 25 31 / 0.35)';
    context.shadowBlur = 3 * PIXEL_RATIO;
    context.shadowOffsetY = PIXEL_RATIO;
    context.fillStyle = critical;
    context.fill();
  };
}

/** The ground of a name: stretched to the width of its text, see `CHIP_STRETCH`. */
function chip({ surface, line }: MapColours): Paint {
  return (context) => {
    context.beginPath();
    context.roundRect(-12, -9, 24, 18, 9);
    context.shadowColor = 'rgb(20 25 31 / 0.35)';
    context.shadowBlur = 3 * PIXEL_RATIO;
    context.shadowOffsetY = PIXEL_RATIO;
    context.fillStyle = surface;
    context.fill();
    context.shadowColor = 'transparent';
    context.strokeStyle = line;
    context.lineWidth = 1;
    context.stroke();
  };
}

/** Which part of the chip grows, and where its text stands, in pixels of the image. */
const CHIP_STRETCH = {
  stretchX: [[15 * PIXEL_RATIO, 17 * PIXEL_RATIO]] as [number, number][],
  stretchY: [[12 * PIXEL_RATIO, 14 * PIXEL_RATIO]] as [number, number][],
  content: [11, 7, 21, 19].map((px) => px * PIXEL_RATIO) as [number, number, number, number],
};

const CLUSTER_PX = 46;
const RING_RADIUS = 17;

/** A cluster: how its members share the states, round the place where the count is written. */
function ring(slices: readonly RingSlice[], colours: MapColours): Paint {
  return (context) => {
    context.beginPath();
    context.arc(0, 0, RING_RADIUS + 4, 0, 2 * Math.PI);
    context.fillStyle = colours.surface;
    context.shadowColor = 'rgb(20 25 31 / 0.35)';
    context.shadowBlur = 2 * PIXEL_RATIO;
    context.fill();
    context.shadowColor = 'transparent';
    context.lineWidth = 4;
    const gap = slices.length > 1 ? 0.12 : 0;
    let start = -Math.PI / 2;
    for (const { state, share } of slices) {
      const end = start + share * 2 * Math.PI;
      context.beginPath();
      context.arc(0, 0, RING_RADIUS, start + gap / 2, end - gap / 2);
      context.strokeStyle = colours[state];
      context.stroke();
      start = end;
    }
  };
}

function paints(colours: MapColours): Readonly<Record<MarkImage, readonly [px: number, Paint]>> {
  const halo = colours.surface;
  const { accent } = colours;
  return {
    moving: [28, drop(colours.moving, halo, 1.1)],
    'moving-disc': [20, disc(colours.moving, halo, 6)],
    idle: [18, square(colours.idle, halo, 11)],
    silent: [20, brokenRing(colours.silent, halo)],
    selected: [56, drop(accent, halo, 1.9)],
    'selected-disc': [36, disc(accent, halo, 12)],
    arrow: [16, arrow(accent, colours['m-halo'])],
    stop: [16, stop(accent, halo)],
    chip: [32, chip(colours)],
    critical: [26, severity(OCTAGON, colours.critical, colours)],
    'critical-chip': [32, criticalChip(colours)],
    high: [26, severity(TRIANGLE, colours.high, colours)],
    medium: [26, severity(DIAMOND, colours.medium, colours)],
  };
}

function render(sizePx: number, paint: Paint): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = sizePx * PIXEL_RATIO;
  canvas.height = sizePx * PIXEL_RATIO;
  const context = canvas.getContext('2d');
  if (context === null) return new ImageData(canvas.width, canvas.height);
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  context.translate(sizePx / 2, sizePx / 2);
  paint(context);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Gives the map its images, or draws them again for another theme. */
export function installMarkImages(map: MapLibreMap, colours: MapColours): void {
  for (const [name, [sizePx, paint]] of Object.entries(paints(colours))) {
    const image = render(sizePx, paint);
    if (map.hasImage(name)) map.updateImage(name, image);
    else {
      const stretch = name.endsWith('chip') ? CHIP_STRETCH : {};
      map.addImage(name, image, { pixelRatio: PIXEL_RATIO, ...stretch });
    }
  }
}

/** Draws the rings that are in use again, for another theme. The style must be loaded. */
export function redrawRings(map: MapLibreMap, colours: MapColours): void {
  for (const name of map.listImages()) {
    const slices = parseRing(name);
    if (slices !== null) map.updateImage(name, render(CLUSTER_PX, ring(slices, colours)));
  }
}

/** Draws rings of clusters when they are first needed: there are too many to draw them all before. */
export function drawRingsOnDemand(map: MapLibreMap): void {
  map.setMissingStyleImageResolver((id) => {
    const slices = parseRing(id);
    if (slices === null || map.hasImage(id)) return;
    const image = render(CLUSTER_PX, ring(slices, readMapColours()));
    map.addImage(id, image, { pixelRatio: PIXEL_RATIO });
  });
}
