import type { Branding } from '@followme/contracts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense } from 'react';
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { FollowBrand } from './brand/follow-brand.tsx';
import { BRANDING_KEY } from './brand/use-branding.ts';
import { messages } from './messages/messages.ts';
import { parseRoute } from './shell/route.ts';

/** Every component in every state; needs no session, so that anyone who builds can look at it. */
const ComponentsPage = lazy(async () => ({
  default: (await import('./views/components/components-page.tsx')).ComponentsPage,
}));

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
        <I18nProvider locale={messages.locale}>
          {parseRoute(location.pathname).section === 'components' ? (
            <Suspense fallback={null}>
              <ComponentsPage />
            </Suspense>
          ) : (
            <App />
          )}
        </I18nProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
