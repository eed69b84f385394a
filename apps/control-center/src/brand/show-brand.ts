import type { Branding } from '@followme/contracts';
import { rememberBranding } from '../browser/branding-memory.ts';
import { applyBrandColour } from './apply-brand.ts';
import { deriveBrand } from './derive-brand.ts';

/** Our own sign in the colours of the customer, for one without a logo. */
function iconOf(colour: string): string {
  const { button, onButton } = deriveBrand(colour).light;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="${button}"/><path d="M22.6 8.2 17.9 24c-.3 1-1.7 1-2 .1l-2.3-6.2-6.3-2.4c-.9-.3-.9-1.6.1-1.9L21 7c.9-.3 1.8.4 1.6 1.2z" fill="${onButton}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function showIcon({ logoUrl, colour }: Branding): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) return;
  link.removeAttribute('type');
  link.href = logoUrl ?? (colour === null ? '/favicon.svg' : iconOf(colour));
}

/** Gives the page the colours and icon of a customer, and remembers them for the next visit. */
export function showBrand(branding: Branding): void {
  applyBrandColour(branding.colour);
  showIcon(branding);
  rememberBranding(branding);
}
