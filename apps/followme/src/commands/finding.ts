/** What a look at one thing found; `warning` does not keep the system from starting. */
export type Finding =
  | { readonly state: 'ok'; readonly detail: string }
  | { readonly state: 'warning' | 'failed'; readonly detail: string; readonly advice: string };

/** It is as it should be. */
export const ok = (detail: string): Finding => ({ state: 'ok', detail });
