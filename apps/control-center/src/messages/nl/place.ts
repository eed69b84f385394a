import type { place as en } from '../en/place.ts';

export const place: typeof en = {
  at: (name) => name,
  near: (distance, direction, name) => `${distance} ${direction} van ${name}`,
};
