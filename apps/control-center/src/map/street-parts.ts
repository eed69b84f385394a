import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { MapColours } from './colours.ts';

/** Why there is no street map. */
export type StreetFault =
  /** No answer, or not in time. */
  | 'unreachable'
  /** Something came that is no map. */
  | 'notAMap'
  /** A map in tiles of a form that we have no drawing for. */
  | 'unknownForm';

/** Thrown where a street map cannot be had; the built-in map stays. */
export class StreetMapError extends Error {
  override readonly name = 'StreetMapError';
  readonly fault: StreetFault;
  constructor(fault: StreetFault, what: string, cause?: unknown) {
    super(`The street map cannot be used: ${what}`, { cause });
    this.fault = fault;
  }
}

/** A street map as it is laid under everything else. */
export interface StreetParts {
  readonly sources: Readonly<Record<string, SourceSpecification>>;
  /** Lowest first, in the colours of the theme. */
  readonly layers: (colours: MapColours) => readonly LayerSpecification[];
  /** Where its icons are; null when it has none. */
  readonly spriteUrl: string | null;
  /** Who made it, as plain text. */
  readonly attribution: string;
  /** Whether it covers the world: then the built-in land goes, else it stays where the map ends. */
  readonly isWhole: boolean;
}

/** Ids of what belongs to the street map begin with it, so that they meet none of ours. */
export const STREET_PREFIX = 'street:';

/** The first name tells the engine the weight; the second is the font. */
const REGULAR = ['Regular', 'Inter Variable'];
const STRONG = ['SemiBold', 'Inter Variable'];

/**
 * Text in our font, drawn by the browser: no fonts are fetched. Names for Devanagari letters drawn ahead (`pgf:`)
 * need such fonts and are left out; the letters themselves are drawn.
 */
export function inOurFont(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value[0] === 'get' && String(value[1]).startsWith('pgf:')) return null;
    if (value[0] === 'has' && String(value[1]).startsWith('pgf:')) return false;
    return value.map(inOurFont);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'text-font' ? ourFonts(inner) : inOurFont(inner),
    ]),
  );
}

/** Our font for a list of fonts, or for an expression that chooses between such lists. */
function ourFonts(fonts: unknown): unknown {
  if (!Array.isArray(fonts)) return fonts;
  if (fonts[0] === 'literal') return ['literal', ourFont(fonts[1])];
  const isExpression = fonts.some((part) => typeof part !== 'string');
  return isExpression ? fonts.map(ourFonts) : ['literal', ourFont(fonts)];
}

const ourFont = (stack: unknown): string[] =>
  /bold|medium|strong/i.test(JSON.stringify(stack)) ? STRONG : REGULAR;

/** Markup, as attributions often are, as plain text. */
export function plainText(html: string): string {
  const text = new DOMParser().parseFromString(html, 'text/html').body.textContent;
  return text.replace(/\s+/g, ' ').trim();
}
