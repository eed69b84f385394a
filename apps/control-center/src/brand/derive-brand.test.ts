import { readFileSync } from 'node:fs';
import { clampChroma, formatHex, modeOklch, modeRgb, useMode, wcagContrast } from 'culori/fn';
import { describe, expect, test } from 'vitest';
import { deriveBrand, SHIPPED_ACCENTS, THEMES } from './derive-brand.ts';

useMode(modeRgb);
const toOklch = useMode(modeOklch);

const css = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');
const token = (name: string) => {
  const found = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  return { light: found?.[1] ?? '', dark: found?.[2] ?? '' };
};
const EDGES = ['#000000', '#ffffff', '#ffff00', '#c4261d', '#ff0000', '#0000ff', '#00ff00'];
const HUES = Array.from({ length: 24 }, (_, index) => index * 15);
/** Every hue in steps of 15°, four chromas, six lightnesses, and the corners. */
const GRID = [
  ...EDGES,
  ...HUES.flatMap((h) =>
    [0.01, 0.08, 0.16, 0.3].flatMap((c) =>
      [0.15, 0.35, 0.5, 0.65, 0.8, 0.95].map((l) =>
        formatHex(clampChroma({ mode: 'oklch', l, c, h }, 'oklch', 'rgb')),
      ),
    ),
  ),
];
const hueOf = (hex: string) => toOklch(hex)?.h ?? 0;
const apart = (a: number, b: number) => Math.min(Math.abs(a - b), 360 - Math.abs(a - b));

describe.each([
  ['light', 4.5],
  ['dark', 7],
] as const)('%s theme, over a grid of brand colours', (name, least) => {
  const cases = GRID.map((colour) => ({ colour, ...deriveBrand(colour)[name] }));

  test(`the accent is read at ${least}:1 on every ground and on its own soft one`, () => {
    for (const { colour, accent, accentSoft } of cases) {
      for (const ground of [...THEMES[name].grounds, accentSoft]) {
        expect(
          wcagContrast(accent, ground),
          `${colour}: ${accent} on ${ground}`,
        ).toBeGreaterThanOrEqual(least);
      }
    }
  });

  test('what stands on the accent and on the button is read at 4.5:1', () => {
    for (const { colour, accent, onAccent, button, onButton } of cases) {
      expect(wcagContrast(onAccent, accent), colour).toBeGreaterThanOrEqual(4.5);
      expect(wcagContrast(onButton, button), colour).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('every text is read at 4.5:1 on the ground of what is selected', () => {
    for (const { colour, accentSoft } of cases) {
      for (const text of ['ink', 'ink-2', 'ink-3']) {
        expect(
          wcagContrast(token(text)[name], accentSoft),
          `${colour}: ${text} on ${accentSoft}`,
        ).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  test('the button is seen as a shape on the surface (3:1)', () => {
    for (const { colour, button } of cases) {
      expect(wcagContrast(button, token('surface')[name]), colour).toBeGreaterThanOrEqual(3);
    }
  });

  test('a colour keeps its hue and gets no more chroma than 0.19', () => {
    for (const { colour, button } of cases) {
      const before = toOklch(colour);
      const after = toOklch(button);
      expect(after?.c ?? 0, colour).toBeLessThanOrEqual(0.192);
      // near black, white and grey a hue is lost in the rounding to 8 bits
      if ((before?.c ?? 0) < 0.05 || (after?.c ?? 0) < 0.05) continue;
      expect(apart(hueOf(colour), hueOf(button)), colour).toBeLessThan(4);
    }
  });
});

describe('brand colours', () => {
  test('without one, the accents are those of the style sheet; the grounds are too', () => {
    const { light, dark } = deriveBrand(null);
    expect({ light: light.accent, dark: dark.accent }).toEqual(token('accent'));
    expect({ light: light.onAccent, dark: dark.onAccent }).toEqual(token('on-accent'));
    expect({ light: light.accentSoft, dark: dark.accentSoft }).toEqual(token('accent-soft'));
    expect(SHIPPED_ACCENTS.changed).toEqual([]);
    const grounds = ['surface', 'bg', 'sunken', 'hover', 'm-land', 'm-urban'].map(token);
    expect(THEMES.light.grounds).toEqual(grounds.map((ground) => ground.light));
    expect(THEMES.dark.grounds).toEqual(grounds.map((ground) => ground.dark));
  });

  test.each(['#c4261d', '#ff0000', '#e0405b', '#b5541c'])(
    '%s is near the colour of critical alerts: buttons keep it, selection and trail are ink',
    (colour) => {
      const { usesInk, light, dark } = deriveBrand(colour);
      expect(usesInk).toBe(true);
      expect([light.accent, dark.accent]).toEqual([token('ink').light, token('ink').dark]);
      expect(apart(hueOf(light.button), hueOf(colour))).toBeLessThan(4);
    },
  );

  test.each(['#2b59d9', '#0b7681', '#8a5d00', '#7b3fb5', '#808080', '#554f4e'])(
    '%s is not: the accent is the brand',
    (colour) => {
      const { usesInk, light } = deriveBrand(colour);
      expect([usesInk, light.accent]).toEqual([false, light.button]);
    },
  );

  test('a colour that can be read stays as it was given in the light theme', () => {
    expect(deriveBrand('#0b6b4f').light.button).toBe('#0b6b4f');
  });

  test('a clear change is told by theme: yellow in the light one, navy in the dark one', () => {
    expect(deriveBrand('#ffd400').changed).toEqual(['light']);
    expect(deriveBrand('#0b1f4d').changed).toEqual(['dark']);
    expect(deriveBrand('#0b6b8f').changed).not.toContain('light');
  });
});
