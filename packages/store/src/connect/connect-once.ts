import { Client, type ClientConfig } from 'pg';
import type { StoreAddress } from './address.ts';
import { connectFailure } from './connect-failure.ts';

/** Longest wait for the connection. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * One connection for one piece of work at the start. The caller ends it.
 * @throws StoreError with one sentence about why there is none, see `connect-failure.ts`.
 */
export async function connectOnce(address: StoreAddress, config: ClientConfig): Promise<Client> {
  const client = new Client({
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...config,
    ...address.client,
  });
  // the statement under way gets the same error
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    // a login that failed on our side leaves the server waiting for it
    await client.end().catch(() => undefined);
    throw connectFailure(error, address);
  }
}
