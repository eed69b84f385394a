/**
 * From one colour of a customer to the accents of both themes, as the design says: the hue stays, the chroma is
 * bounded, and the lightness moves until text can be read. Everything else stays ours. Colours are hex `#rrggbb`.
 * The arithmetic of OKLCH and of contrast (WCAG 2.2) is that of culori.
 */
import {
  clampChroma,
  differenceEuclidean,
  formatHex,
  modeLrgb,
  modeOklab,
  modeOklch,
  modeRgb,
  useMode,
  wcagContrast,
  type Oklch,
} from 'culori/fn';

useMode(modeRgb);
useMode(modeLrgb);
useMode(modeOklab);
const toOklch = useMode(modeOklch);
const distance = differenceEuclidean('oklab');

/** The accents of one theme. */
export interface ThemeAccents {
  /** Text, lines, selection and trail. */
  readonly accent: string;
  /** On a ground of `accent`. */
  readonly onAccent: string;
  /** Ground of what is selected. */
  readonly accentSoft: string;
  /** Ground of the main button. */
  readonly button: string;
  /** On a ground of `button`. */
  readonly onButton: string;
}

/** The accents of a customer. */
export interface BrandAccents {
  readonly light: ThemeAccents;
  readonly dark: ThemeAccents;
  /** The colour is too near to that of critical alerts: selection and trail are ink, only buttons keep it. */
  readonly usesInk: boolean;
  /** Themes in which the button looks clearly different from the colour that was given. */
  readonly changed: readonly ('light' | 'dark')[];
}

/** What a theme asks of a colour. */
interface Theme {
  /** Grounds on which the accent is read. */
  readonly grounds: readonly string[];
  /** Least contrast on all of them and on its own soft ground. */
  readonly contrast: number;
  /** Which way to go in lightness. */
  readonly step: number;
  readonly soft: { readonly lightness: number; readonly chromaShare: number };
  /** Neutral accents, for colours that would be taken for critical. */
  readonly ink: Pick<ThemeAccents, 'accent' | 'onAccent' | 'accentSoft'>;
  /** Further than this from the colour given is a clear difference (OKLab). */
  readonly clearChange: number;
}

/** Values of tokens.css (a test compares): surface, bg, sunken, hover, land and urban of each theme. */
export const THEMES: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    grounds: ['#ffffff', '#f4f5f6', '#f0f2f4', '#f6f7f9', '#f4f4f1', '#edede9'],
    contrast: 4.5,
    step: -0.005,
    soft: { lightness: 0.957, chromaShare: 0.1 },
    ink: { accent: '#14191f', onAccent: '#ffffff', accentSoft: '#eceff2' },
    clearChange: 0.12,
  },
  dark: {
    grounds: ['#151b22', '#0d1116', '#10151b', '#1b222b', '#12181f', '#171e26'],
    contrast: 7,
    step: 0.005,
    soft: { lightness: 0.27, chromaShare: 0.26 },
    ink: { accent: '#eef2f6', onAccent: '#0d1116', accentSoft: '#27303a' },
    clearChange: 0.25,
  },
};

/** What we ship: the accents without a brand colour, as in tokens.css. */
export const SHIPPED_ACCENTS: BrandAccents = {
  light: withButton({ accent: '#2b59d9', onAccent: '#ffffff', accentSoft: '#eaf0fe' }),
  dark: withButton({ accent: '#86a8ff', onAccent: '#0b1430', accentSoft: '#1b2745' }),
  usesInk: false,
  changed: [],
};

const CRITICAL = '#c4261d';
const MAX_CHROMA = 0.19;
/** Degrees of hue around that of critical. */
const NEAR_CRITICAL_DEG = 25;
/** Below it a colour reads as grey, whatever its hue. */
const COLOURLESS = 0.03;
const WHITE = '#ffffff';
const NEAR_BLACK = '#0b0e12';

type Accents = Pick<ThemeAccents, 'accent' | 'onAccent' | 'accentSoft'>;

function withButton(accents: Accents): ThemeAccents {
  return { ...accents, button: accents.accent, onButton: accents.onAccent };
}

/** A colour of the screen as OKLCH; grey has hue 0. @throws Error when it is not `#rrggbb`. */
function oklchOf(hex: string): Oklch & { h: number } {
  const colour = toOklch(hex);
  if (colour === undefined) throw new Error(`${hex} is no colour`);
  return { ...colour, h: colour.h ?? 0 };
}

/** The nearest colour a screen can show with this lightness and hue. */
function hexOf(l: number, c: number, h: number): string {
  return formatHex(clampChroma({ mode: 'oklch', l, c, h }, 'oklch', 'rgb'));
}

/** White or near-black, whichever is read better. */
function textOn(ground: string): string {
  return wcagContrast(WHITE, ground) >= wcagContrast(NEAR_BLACK, ground) ? WHITE : NEAR_BLACK;
}

function accentsOf(colour: Oklch & { h: number }, theme: Theme): Accents {
  const chroma = Math.min(colour.c, MAX_CHROMA);
  const { lightness, chromaShare } = theme.soft;
  const accentSoft = hexOf(lightness, chroma * chromaShare, colour.h);
  const grounds = [...theme.grounds, accentSoft];
  let lightnessNow = colour.l;
  let accent = hexOf(lightnessNow, chroma, colour.h);
  while (grounds.some((ground) => wcagContrast(accent, ground) < theme.contrast)) {
    lightnessNow += theme.step;
    if (lightnessNow < 0 || lightnessNow > 1) break;
    accent = hexOf(lightnessNow, chroma, colour.h);
  }
  return { accent, onAccent: textOn(accent), accentSoft };
}

function isNearCritical(colour: Oklch & { h: number }): boolean {
  if (colour.c < COLOURLESS) return false;
  const apart = Math.abs(colour.h - oklchOf(CRITICAL).h) % 360;
  return Math.min(apart, 360 - apart) <= NEAR_CRITICAL_DEG;
}

/** The accents of both themes from one brand colour (`#rrggbb`); with null, those we ship. */
export function deriveBrand(brandColour: string | null): BrandAccents {
  if (brandColour === null) return SHIPPED_ACCENTS;
  const colour = oklchOf(brandColour);
  const usesInk = isNearCritical(colour);
  const inTheme = (theme: Theme): ThemeAccents => {
    const own = withButton(accentsOf(colour, theme));
    return usesInk ? { ...own, ...theme.ink } : own;
  };
  const light = inTheme(THEMES.light);
  const dark = inTheme(THEMES.dark);
  const buttons = { light: light.button, dark: dark.button };
  const changed = (['light', 'dark'] as const).filter(
    (name) => distance(brandColour, buttons[name]) > THEMES[name].clearChange,
  );
  return { light, dark, usesInk, changed };
}
