import type { Branding } from '@followme/contracts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { FollowBrand } from './brand/follow-brand.tsx';
import { BRANDING_KEY } from './brand/use-branding.ts';

/**
 * Puts the product on the page, in a look that is known (null: not yet) and fresh from the server or of the last
 * visit. The language must be settled before this file is loaded.
 */
export function renderProduct(branding: Branding | null, isFresh: boolean): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no element with the id "root"');
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, staleTime: 60_000 } },
  });
  if (branding !== null) {
    queryClient.setQueryData(BRANDING_KEY, branding, isFresh ? {} : { updatedAt: 0 });
  }
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <FollowBrand />
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
