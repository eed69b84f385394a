import { lookChanged } from '../browser/theme.ts';
import { type BrandAccents, deriveBrand, type ThemeAccents } from './derive-brand.ts';

const PROPERTIES: Readonly<Record<string, keyof ThemeAccents>> = {
  '--brand-accent': 'accent',
  '--brand-on-accent': 'onAccent',
  '--brand-accent-soft': 'accentSoft',
  '--brand-button': 'button',
  '--brand-on-button': 'onButton',
};

/** The custom properties that brand.css reads, for an element with `data-brand`. */
export function brandProperties({ light, dark }: BrandAccents): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(PROPERTIES).map(([property, role]) => [
      property,
      `light-dark(${light[role]}, ${dark[role]})`,
    ]),
  );
}

/** Gives the whole page the accents of a brand colour; null goes back to ours. The map follows. */
export function applyBrandColour(colour: string | null): void {
  const root = document.documentElement;
  const properties = brandProperties(deriveBrand(colour));
  for (const [property, value] of Object.entries(properties)) {
    // set by script, which the content security policy allows; a style in the page it would not
    if (colour === null) root.style.removeProperty(property);
    else root.style.setProperty(property, value);
  }
  root.toggleAttribute('data-brand', colour !== null);
  lookChanged();
}
