import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/noto-sans-arabic/index.css';
import './styles/tokens.css';
import './styles/base.css';
import './brand/brand.css';
import type { Branding } from '@followme/contracts';
import { fetchBranding } from './api/branding.ts';
import { showBrand } from './brand/show-brand.ts';
import { rememberedBranding } from './browser/branding-memory.ts';
import { settlePageLocale } from './browser/language.ts';

/** Whoever waits longer for the look on a first visit sees ours until it comes. */
const LOOK_LIMIT_MS = 3_000;

async function lookOfHost(): Promise<Branding | null> {
  return fetchBranding(AbortSignal.timeout(LOOK_LIMIT_MS)).catch(() => null);
}

// Sentences are chosen once, when their file is loaded: the product comes after the language is known.
const remembered = rememberedBranding();
const branding = remembered ?? (await lookOfHost());
if (branding !== null) {
  showBrand(branding);
  document.title = branding.name;
}
settlePageLocale(branding?.language ?? null);
const { renderProduct } = await import('./product.tsx');
renderProduct(branding, remembered === null);
