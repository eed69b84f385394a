/** How a street map in the form of Protomaps is drawn: its layers in our colours and font, without icons. */
import { type Flavor, layers as drawStreets, namedFlavor } from '@protomaps/basemaps';
import type { LayerSpecification } from 'maplibre-gl';
import { type MapColours, mixColours } from './colours.ts';
import { inOurFont, STREET_PREFIX } from './street-parts.ts';

/** Drawn by icons, or points of interest, which a calm map has none of; the ground is our own. */
const LEFT_OUT = new Set(['background', 'pois', 'roads_oneway', 'roads_shields']);

/** The layers over a source, lowest first; names in the language of the reader where the map has them. */
export function streetLayers(
  source: string,
  colours: MapColours,
  locale: string,
): readonly LayerSpecification[] {
  return drawStreets(source, streetFlavor(colours), { lang: locale })
    .filter(({ id }) => !LEFT_OUT.has(id))
    .map((layer) => withoutIcons({ ...layer, id: `${STREET_PREFIX}${layer.id}` }));
}

function withoutIcons(layer: LayerSpecification): LayerSpecification {
  if (layer.type !== 'symbol') return layer;
  const layout = Object.entries(layer.layout ?? {}).filter(([key]) => !key.startsWith('icon-'));
  // the same properties with other fonts
  const other = inOurFont(Object.fromEntries(layout)) as NonNullable<typeof layer.layout>;
  return { ...layer, layout: other };
}

/** The colours of a street map, all from our tokens: low in chroma, labels at 4.5:1. */
export function streetFlavor(c: MapColours): Flavor {
  const isDark = brightness(c['m-land']) < brightness(c['m-label']);
  const land = c['m-land'];
  const park = mixColours(c.ok, land, isDark ? 0.12 : 0.13);
  const road = (share: number) => (isDark ? mixColours(c['m-label'], land, share) : c.surface);
  const casing = isDark ? land : mixColours(c['m-label'], land, 0.2);
  const minor = road(0.14);
  const major = road(0.22);
  const highway = isDark ? c['m-border'] : mixColours(c['m-border'], c.surface, 0.3);
  const highwayCasing = isDark ? land : c['m-border'];
  const building = mixColours(c['m-label'], land, isDark ? 0.08 : 0.09);
  const label = c['m-label'];
  const halo = c['m-halo'];
  const waterLabel = mixColours(c.info, label, 0.5);
  return {
    ...namedFlavor(isDark ? 'dark' : 'light'),
    ...grounds({ land, urban: c['m-urban'], park, water: c['m-water'] }),
    ...roads('tunnel_', {
      minor: mixColours(minor, land, 0.6),
      major: mixColours(major, land, 0.6),
      highway: mixColours(highway, land, 0.6),
      casing,
      highwayCasing,
    }),
    ...roads('bridges_', { minor, major, highway, casing, highwayCasing }),
    minor_service_casing: casing,
    minor_casing: casing,
    link_casing: casing,
    major_casing_late: casing,
    major_casing_early: casing,
    highway_casing_late: highwayCasing,
    highway_casing_early: highwayCasing,
    other: minor,
    minor_service: minor,
    minor_a: minor,
    minor_b: minor,
    link: major,
    major,
    highway,
    railway: mixColours(label, land, 0.3),
    boundaries: c['m-border'],
    buildings: building,
    roads_label_minor: label,
    roads_label_minor_halo: halo,
    roads_label_major: label,
    roads_label_major_halo: halo,
    ocean_label: waterLabel,
    subplace_label: label,
    subplace_label_halo: halo,
    city_label: label,
    city_label_halo: halo,
    state_label: label,
    state_label_halo: halo,
    country_label: label,
    address_label: label,
    address_label_halo: halo,
    regular: 'regular',
    bold: 'bold',
    italic: 'regular',
  };
}

interface Grounds {
  readonly land: string;
  readonly urban: string;
  readonly park: string;
  readonly water: string;
}

function grounds({ land, urban, park, water }: Grounds): Partial<Flavor> {
  return {
    background: land,
    earth: land,
    water,
    park_a: park,
    park_b: park,
    wood_a: park,
    wood_b: park,
    scrub_a: park,
    scrub_b: park,
    zoo: park,
    hospital: urban,
    industrial: urban,
    school: urban,
    pedestrian: urban,
    glacier: land,
    sand: urban,
    beach: urban,
    aerodrome: urban,
    runway: mixColours(urban, land, 0.5),
    military: urban,
    pier: urban,
  };
}

interface RoadColours {
  readonly minor: string;
  readonly major: string;
  readonly highway: string;
  readonly casing: string;
  readonly highwayCasing: string;
}

function roads(prefix: 'tunnel_' | 'bridges_', c: RoadColours): Partial<Flavor> {
  const named = {
    other_casing: c.casing,
    minor_casing: c.casing,
    link_casing: c.casing,
    major_casing: c.casing,
    highway_casing: c.highwayCasing,
    other: c.minor,
    minor: c.minor,
    link: c.major,
    major: c.major,
    highway: c.highway,
  };
  return Object.fromEntries(
    Object.entries(named).map(([name, colour]) => [`${prefix}${name}`, colour]),
  );
}

/** Sum of the channels of `rgb(…)`: enough to tell dark from light. */
function brightness(colour: string): number {
  return (colour.match(/[\d.]+/g) ?? []).slice(0, 3).reduce((sum, value) => sum + Number(value), 0);
}
