/** Randomness as a dependency: seeded for simulation and tests, from the system for secrets. */
import { randomBytes, randomInt } from 'node:crypto';

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [min, max], both included. */
  integer(min: number, max: number): number;
  /** Normal distribution with mean 0 and standard deviation 1. */
  gaussian(): number;
  /** A generator of its own, decided by this one's seed and `label` only, not by what was drawn before. */
  fork(label: string | number): Random;
}

function hashSeed(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * A generator whose whole future follows from `seed`: mulberry32 (public domain, Tommy Ettinger).
 * Not for secrets.
 */
export function createRandom(seed: string | number): Random {
  const origin = String(seed);
  let state = hashSeed(origin);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    // Box–Muller; 1 − next() keeps the logarithm finite
    gaussian: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (label) => createRandom(`${origin}/${label}`),
  };
}

/** `bytes` random bytes from the system as URL-safe text, for tokens. */
export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** `count` characters for a password people may have to type: no look-alikes (0 O 1 l I). */
export function randomPassword(count: number): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('');
}
