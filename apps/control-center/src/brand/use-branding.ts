import type { Branding } from '@followme/contracts';
import { useQuery } from '@tanstack/react-query';
import { fetchBranding } from '../api/branding.ts';
import { messages } from '../messages/messages.ts';

/** Where the look is kept among what the server told. */
export const BRANDING_KEY = ['branding'];

/** What we ship, for a server that does not answer. */
const SHIPPED: Branding = {
  name: messages.product,
  colour: null,
  logoUrl: null,
  language: null,
  map: { kind: 'builtIn' },
};

/** What the server said last of the look of this host name: null when nothing; and why it did not, if so. */
export function useBrandingState(): {
  readonly branding: Branding | null;
  readonly error: unknown;
} {
  const { data, error } = useQuery({
    queryKey: BRANDING_KEY,
    queryFn: ({ signal }) => fetchBranding(signal),
  });
  return { branding: data ?? null, error };
}

/** How the customer of this host name looks; as we ship it until that is known. */
export function useBranding(): Branding {
  return useBrandingState().branding ?? SHIPPED;
}
