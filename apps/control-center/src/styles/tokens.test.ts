import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const MORE_CONTRAST = /@media \(prefers-contrast: more\) \{\s*:root \{([^}]*)\}\s*\}/;
const MORE_CONTRAST_CHOSEN = /:root\[data-contrast='more'\] \{([^}]*)\}/;

type Theme = 'light' | 'dark';
type Tokens = ReadonlyMap<string, Readonly<Record<Theme, string>>>;

/** Both values of every colour token in a piece of the file that the app ships. */
function tokensIn(piece: string): Tokens {
  return new Map(
    [...piece.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
      ([, name = '', light = '', dark = '']) => [name, { light, dark }],
    ),
  );
}

const [base = ''] = css.split('@media');
const normal = tokensIn(base);
const [, moreContrast = ''] = MORE_CONTRAST.exec(css) ?? [];
const [, moreContrastChosen = ''] = MORE_CONTRAST_CHOSEN.exec(css) ?? [];
const high: Tokens = new Map([...normal, ...tokensIn(moreContrast)]);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function colour(tokens: Tokens, name: string, theme: Theme): string {
  const value = tokens.get(name)?.[theme];
  if (value === undefined) throw new Error(`no token ${name}`);
  return value;
}

const ROLES = ['accent', 'critical', 'high', 'medium', 'info', 'ok'];
const TEXT = ['ink', 'ink-2', 'ink-3', ...ROLES];
const GROUNDS = ['surface', 'bg', 'sunken', 'hover', 'm-land', 'm-urban'];
/** Text, the ground it stands on. */
const PAIRS = [
  ...TEXT.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...ROLES.map((role) => [role, `${role}-soft`] as const),
  ...ROLES.flatMap((role) => ['ink', 'ink-2'].map((text) => [text, `${role}-soft`] as const)),
  ['on-accent', 'accent'] as const,
  ['on-critical', 'critical'] as const,
  ['m-label', 'm-land'] as const,
  ['m-label', 'm-urban'] as const,
  // a tooltip
  ['surface', 'ink'] as const,
];
const SHAPES = ['control', 'silent', 'moving', 'idle'];

/** Contrast on `surface` that the drawn look states, light and dark. */
const STATED: readonly (readonly [text: string, light: number, dark: number, ground: string])[] = [
  ['line', 1.3, 1.3, 'surface'],
  ['control', 3.6, 3.9, 'surface'],
  ['ink', 17.7, 15.4, 'surface'],
  ['ink-2', 8.3, 9.6, 'surface'],
  ['ink-3', 5.4, 6.1, 'surface'],
  ['accent', 5.9, 7.5, 'surface'],
  ['on-accent', 5.9, 7.8, 'accent'],
  ['critical', 5.8, 6.8, 'surface'],
  ['on-critical', 5.8, 7.3, 'critical'],
  ['high', 5.6, 8.8, 'surface'],
  ['medium', 5.8, 10, 'surface'],
  ['info', 5.9, 8.1, 'surface'],
  ['ok', 5.4, 8.6, 'surface'],
  ['moving', 5.4, 8.3, 'surface'],
  ['idle', 5.5, 6.7, 'surface'],
  ['silent', 4, 5.3, 'surface'],
];

describe.each([
  ['light', 'normal', normal],
  ['dark', 'normal', normal],
  ['light', 'high', high],
  ['dark', 'high', high],
] as const)('%s theme, %s contrast', (theme, _, tokens) => {
  const ratio = (text: string, ground: string): number =>
    contrast(colour(tokens, text, theme), colour(tokens, ground, theme));

  test.each(PAIRS)('%s is readable on %s (4.5:1)', (text, ground) => {
    expect(ratio(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(SHAPES)('%s is visible as a shape (3:1)', (shape) => {
    expect(ratio(shape, 'surface')).toBeGreaterThanOrEqual(3);
  });
});

test.each(STATED)('%s has the contrast that the look states', (text, light, dark, ground) => {
  const [inLight, inDark] = (['light', 'dark'] as const).map((theme) =>
    contrast(colour(normal, text, theme), colour(normal, ground, theme)),
  );
  expect(inLight).toBeCloseTo(light, 1);
  expect(inDark).toBeCloseTo(dark, 1);
});

describe('high contrast', () => {
  test.each(['light', 'dark'] as const)('%s: lines are edges one can see (3:1)', (theme) => {
    const line = colour(high, 'line', theme);
    expect(contrast(line, colour(high, 'surface', theme))).toBeGreaterThanOrEqual(3);
  });

  test.each(['light', 'dark'] as const)('%s: no soft fills, quiet text is not quiet', (theme) => {
    for (const role of ROLES) {
      expect(colour(high, `${role}-soft`, theme)).toBe(colour(high, 'surface', theme));
    }
    expect(colour(high, 'ink-3', theme)).toBe(colour(high, 'ink-2', theme));
  });

  test('edges are 2 px', () => {
    expect(moreContrast).toContain('--edge: 2px;');
  });

  test('is the same whether the system or the person asks for it', () => {
    const lines = (piece: string): string[] =>
      piece
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
    expect(lines(moreContrastChosen)).toEqual(lines(moreContrast));
  });
});
