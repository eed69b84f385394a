/** Sentences of places in words. */
export const place = {
  at: (name: string) => name,
  near: (distance: string, direction: string, name: string) =>
    `${distance} ${direction} of ${name}`,
};
