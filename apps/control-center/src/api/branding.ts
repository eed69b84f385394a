import type { Branding } from '@followme/contracts';
import { requestJson } from './client.ts';

/**
 * How the customer of this host name looks.
 * @throws ApiError `TENANT_NOT_FOUND` when nobody answers at this name.
 */
export function fetchBranding(signal?: AbortSignal): Promise<Branding> {
  return requestJson('/api/branding', signal === undefined ? {} : { signal });
}
