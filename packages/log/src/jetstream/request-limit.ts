/** Longest an answer of JetStream's management is waited for, ms. */
export const REQUEST_LIMIT_MS = 2500;
