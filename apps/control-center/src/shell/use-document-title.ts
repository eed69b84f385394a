import { useEffect } from 'react';
import { isUnanswered } from '../alerts/alert-order.ts';
import { alertTitle } from '../alerts/alert-words.tsx';
import { useAlertValue } from '../alerts/alerts-context.ts';
import { useBranding } from '../brand/use-branding.ts';
import { messages } from '../messages/messages.ts';
import { useRoute } from './route.ts';
import { sectionById } from './sections.tsx';

/** What the tab of the browser says: the section and the customer; before them what rings, with its number. */
export function useDocumentTitle(): void {
  const { section } = useRoute();
  const { name } = useBranding();
  const ringing = useAlertValue((snapshot) => snapshot.ringing);
  const critical = useAlertValue(
    ({ queue }) => queue.filter((a) => a.severity === 'critical' && isUnanswered(a)).length,
  );
  const page = sectionById(section)?.title ?? messages.shell.nowhereTitle;
  const what = ringing?.alarm === 'sos' ? messages.alerts.sos : ringing && alertTitle(ringing);
  const prefix = what === null ? '' : `${messages.alerts.titlePrefix(critical, what)} · `;
  useEffect(() => {
    document.title = `${prefix}${page} · ${name}`;
  }, [prefix, page, name]);
}
