/**
 * Resolves names for webhooks: addresses that are not public are left out before a socket is opened to them, so
 * a name that answers with another address than a moment ago leads nowhere.
 */
import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from '@followme/platform';

/** The code of the error of a name that leads to no public address. */
export const PRIVATE_ADDRESS = 'EPRIVATE';

class PrivateAddressError extends Error {
  readonly code = PRIVATE_ADDRESS;
  constructor() {
    super('The name leads to an address that is not public');
  }
}

/** Resolves a name to all its addresses; `node:dns` unless a test says otherwise. */
export type ResolveAll = (
  host: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A lookup for `http.request` that answers public addresses only. */
export function createGuardedLookup(resolve: ResolveAll = lookup): LookupFunction {
  return (host, options, done) => {
    const order = options.order === undefined ? {} : { order: options.order };
    resolve(host, { all: true, family: options.family ?? 0, ...order }, (error, found) => {
      if (error !== null) return done(error, '', 0);
      const addresses = found.filter(({ address }) => isPublicAddress(address));
      const [first] = addresses;
      if (first === undefined) return done(new PrivateAddressError(), '', 0);
      if (options.all === true) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}
