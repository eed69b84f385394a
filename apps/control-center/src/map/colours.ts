/** The design tokens as plain colours: the map engine and canvases know no custom properties. */
const TOKENS = [
  'accent',
  'on-accent',
  'surface',
  'line',
  'ink',
  'ink-2',
  'critical',
  'on-critical',
  'high',
  'medium',
  'info',
  'ok',
  'moving',
  'idle',
  'silent',
  'm-land',
  'm-urban',
  'm-water',
  'm-border',
  'm-grid',
  'm-label',
  'm-halo',
] as const;

type Token = (typeof TOKENS)[number];

/** Every token the map uses, resolved for the theme in force: `rgb(…)`. */
export type MapColours = Readonly<Record<Token, string>>;

/** Asks the browser what each token is now; a probe is needed because `light-dark()` resolves only in use. */
export function readMapColours(): MapColours {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const entries = TOKENS.map((token) => {
    probe.style.color = `var(--${token})`;
    return [token, style.color] as const;
  });
  probe.remove();
  // built from the list that the type is made of
  return Object.fromEntries(entries) as Record<Token, string>;
}

/** Mixes two `rgb()` colours; `share` of the first, 0 … 1. For what must not be transparent. */
export function mixColours(first: string, second: string, share: number): string {
  const a = channels(first);
  const b = channels(second);
  const mixed = a.map((value, i) => Math.round(value * share + (b[i] ?? 0) * (1 - share)));
  return `rgb(${mixed.join(', ')})`;
}

function channels(colour: string): number[] {
  return (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}
