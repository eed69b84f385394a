import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { parseRoute } from './shell/route.ts';

/** Every component in every state; needs no session, so that anyone who builds can look at it. */
const ComponentsPage = lazy(async () => ({
  default: (await import('./views/components/components-page.tsx')).ComponentsPage,
}));

/** Puts the product on the page. The language must be settled before this file is loaded. */
export function renderProduct(): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no element with the id "root"');
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, staleTime: 60_000 } },
  });
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        {parseRoute(location.pathname).section === 'components' ? (
          <Suspense fallback={null}>
            <ComponentsPage />
          </Suspense>
        ) : (
          <App />
        )}
      </QueryClientProvider>
    </StrictMode>,
  );
}
