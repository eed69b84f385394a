import { formatDistance } from '../format/units.ts';
import { messages } from '../messages/messages.ts';
import type { Draft } from './draft.ts';
import { measureOf } from './measure.ts';

const text = messages.places;
const KM2 = 1_000_000;

/** An area people can judge: `850 m²`, `0.24 km²`, `120 km²`. */
function formatArea(areaM2: number): string {
  const write = (value: number, maximumFractionDigits: number): string =>
    new Intl.NumberFormat(messages.locale, { maximumFractionDigits }).format(value);
  if (areaM2 < 10_000) return text.squareMetres(write(areaM2, 0));
  const km2 = areaM2 / KM2;
  return text.squareKilometres(write(km2, km2 < 10 ? 2 : km2 < 100 ? 1 : 0));
}

/** How large a shape is, in a few words. */
export function sizeWords(draft: Draft): string {
  const { areaM2, aroundM } = measureOf(draft);
  switch (draft.kind) {
    case 'circle':
      return text.measureCircle(formatArea(areaM2), formatMetres(draft.radiusM));
    case 'corridor':
      return text.measureCorridor(formatDistance(aroundM), formatMetres(draft.widthM));
    case 'area':
      return text.measure(formatArea(areaM2), formatDistance(aroundM));
  }
}

/** Short lengths to the metre, which `formatDistance` rounds to tens. */
function formatMetres(lengthM: number): string {
  if (lengthM >= 1_000) return formatDistance(lengthM);
  const whole = new Intl.NumberFormat(messages.locale, { maximumFractionDigits: 0 });
  return `${whole.format(lengthM)} ${text.metres}`;
}
