import { readFileSync } from 'node:fs';
import { modeLrgb, modeRgb, useMode, wcagContrast } from 'culori/fn';
import { describe, expect, test } from 'vitest';
import type { MapColours } from './colours.ts';
import { streetFlavor, streetLayers } from './street-layers.ts';

useMode(modeRgb);
useMode(modeLrgb);
const css = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');

/** The tokens of a theme as the browser tells them. */
function coloursOf(theme: 'light' | 'dark'): MapColours {
  const found = [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)];
  const channel = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return Object.fromEntries(
    found.toReversed().map(([, name = '', light = '', dark = '']) => {
      const hex = theme === 'light' ? light : dark;
      return [name, `rgb(${channel(hex, 1)}, ${channel(hex, 3)}, ${channel(hex, 5)})`];
    }),
    // every token of the map is in the file, tokens.test.ts reads the same
  ) as MapColours;
}

describe.each(['light', 'dark'] as const)('a street map in the %s theme', (theme) => {
  const colours = coloursOf(theme);
  const layers = streetLayers('street:file', colours, 'nl');

  test('asks for no icons and for no font but ours, so nothing is fetched beside tiles', () => {
    const text = JSON.stringify(layers);
    expect(text).not.toContain('icon-image');
    expect(text).not.toContain('Noto');
    expect(text).not.toContain('pgf:');
    const fonts = [...text.matchAll(/"text-font":\["literal",(\[[^\]]*\])\]/g)].map(
      ([, stack = '']) => stack,
    );
    expect(fonts.length).toBeGreaterThan(5);
    expect([...new Set(fonts)].sort()).toEqual([
      '["Regular","Inter Variable"]',
      '["SemiBold","Inter Variable"]',
    ]);
  });

  test('has no points of interest and leaves the ground beyond its edge to us', () => {
    const ids = layers.map(({ id }) => id);
    expect(ids).not.toContain('street:pois');
    expect(ids).not.toContain('street:background');
    expect(ids).toContain('street:roads_highway');
    expect(ids.every((id) => id.startsWith('street:'))).toBe(true);
  });

  test('every label is read at 4.5:1 on land and built-up land, at 4:1 on parks, names of seas at 3:1', () => {
    const flavor = streetFlavor(colours);
    const labels = [flavor.city_label, flavor.roads_label_minor, flavor.address_label];
    for (const label of labels) {
      expect(wcagContrast(label, flavor.earth)).toBeGreaterThanOrEqual(4.5);
      expect(wcagContrast(label, flavor.hospital)).toBeGreaterThanOrEqual(4.5);
      expect(wcagContrast(label, flavor.park_b)).toBeGreaterThanOrEqual(4);
    }
    expect(wcagContrast(flavor.ocean_label, flavor.water)).toBeGreaterThanOrEqual(3);
  });
});
