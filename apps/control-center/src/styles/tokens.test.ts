import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const [base = ''] = css.split('@media');

/** Both values of every colour token, read from the file that the app ships. */
const tokens = new Map(
  [...base.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
);

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

function ratio(text: string, ground: string, theme: 'light' | 'dark'): number {
  const a = tokens.get(text)?.[theme];
  const b = tokens.get(ground)?.[theme];
  if (a === undefined || b === undefined) throw new Error(`no token ${text} or ${ground}`);
  return contrast(a, b);
}

const TEXT = ['ink', 'ink-2', 'ink-3', 'accent', 'critical', 'high', 'medium', 'info', 'ok'];
const GROUNDS = ['surface', 'bg', 'sunken', 'hover', 'm-land'];
const OWN_GROUNDS = [
  ['on-accent', 'accent'],
  ['on-critical', 'critical'],
  ['accent', 'accent-soft'],
  ['ink-2', 'accent-soft'],
  ['critical', 'critical-soft'],
  ['medium', 'medium-soft'],
  ['m-label', 'm-land'],
  ['m-label', 'm-urban'],
] as const;

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  test.each(TEXT.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)))(
    '%s is readable on %s (4.5:1)',
    (text, ground) => {
      expect(ratio(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(OWN_GROUNDS)('%s is readable on %s (4.5:1)', (text, ground) => {
    expect(ratio(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['moving', 'idle', 'silent', 'control'])('%s is visible as a shape (3:1)', (shape) => {
    expect(ratio(shape, 'surface', theme)).toBeGreaterThanOrEqual(3);
  });
});
