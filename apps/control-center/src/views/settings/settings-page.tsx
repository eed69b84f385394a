import type { SettingsReply } from '@followme/contracts';
import { useQuery } from '@tanstack/react-query';
import { fetchSettings } from '../../api/settings.ts';
import { ListState } from '../../forms/list-state.tsx';
import { NoAccess } from '../../forms/no-access.tsx';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { navigate, useQueryParam } from '../../shell/route.ts';
import { Page } from '../../ui/page.tsx';
import { Tabs, type TabOf } from '../../ui/tabs.tsx';
import { BrandPanel } from './brand-panel.tsx';
import { ChannelsPanel } from './channels-panel.tsx';
import { LanguagePanel } from './language-panel.tsx';
import { MapPanel } from './map-panel.tsx';
import { SaveBar } from './save-bar.tsx';
import styles from './settings.module.css';
import { SETTINGS_KEY, useSettingsForm } from './use-settings-form.ts';

const text = messages.settings;
const TABS = ['brand', 'map', 'language', 'channels'] as const;
type TabId = (typeof TABS)[number];

/** How the customer looks and speaks, and how messages leave: for administrators. */
export function SettingsPage() {
  return useCan('manage') ? <Loaded /> : <NoAccess title={text.title} />;
}

function Loaded() {
  const settings = useQuery({
    queryKey: SETTINGS_KEY,
    queryFn: ({ signal }) => fetchSettings(signal),
    staleTime: 0,
  });
  return (
    <Page title={text.title} description={text.intro} className={styles['page']}>
      <ListState of={[settings]} label={text.loading}>
        {() => settings.data !== undefined && <Parts saved={settings.data} />}
      </ListState>
    </Page>
  );
}

function Parts({ saved }: { readonly saved: SettingsReply }) {
  const form = useSettingsForm(saved);
  const asked = useQueryParam('tab');
  const tab = TABS.find((id) => id === asked) ?? 'brand';
  const items: TabOf<TabId>[] = [
    { id: 'brand', label: text.tabs.brand, content: <BrandPanel form={form} /> },
    { id: 'map', label: text.tabs.map, content: <MapPanel form={form} /> },
    { id: 'language', label: text.tabs.language, content: <LanguagePanel form={form} /> },
    { id: 'channels', label: text.tabs.channels, content: <ChannelsPanel /> },
  ];
  return (
    <>
      <Tabs
        label={text.parts}
        items={items}
        value={tab}
        onChange={(id) => navigate(`/settings?tab=${id}`, { replace: true })}
        className={styles['tabs']}
      />
      <SaveBar form={form} />
    </>
  );
}
