import { Compass, Lock } from 'lucide-react';
import { type ReactNode, Suspense, useState } from 'react';
import { messages } from '../messages/messages.ts';
import { useSession } from '../session/session-context.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { AlertBar } from './alert-bar.tsx';
import { AlertNewsTeller } from './alert-news.tsx';
import { useAlertCommands, useFrameCommands } from './frame-commands.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { Link, type Route, type SectionId, useRoute } from './route.ts';
import { type Section, sectionById, showsStage, tabsOf } from './sections.tsx';
import { SectionTabs } from './section-tabs.tsx';
import { SessionProviders } from './session-providers.tsx';
import { SoundBar } from './sound-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useDocumentTitle } from './use-document-title.ts';
import { useFocusAfterRoute } from './use-focus-after-route.ts';
import { useKeyBindings } from './use-key-bindings.ts';
import styles from './frame.module.css';

interface Props {
  readonly onLogOut: () => void;
  /** The stage with the map: it stays as it is, out of sight, while other sections are open. */
  readonly stage: ReactNode;
}

const text = messages.shell;
const SKELETON_ROWS = 6;

/** Rail, top bar and the open section between them, with what every section shares. */
export function Frame(props: Props) {
  return (
    <SessionProviders>
      <Shell {...props} />
    </SessionProviders>
  );
}

function Shell({ onLogOut, stage }: Props) {
  const route = useRoute();
  const isStage = showsStage(route);
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  const close = (): void => setOpen(null);
  const openPalette = (): void => setOpen('palette');
  useFrameCommands({ openPalette, openKeys: () => setOpen('keys'), onLogOut });
  useAlertCommands();
  useKeyBindings();
  useDocumentTitle();
  useFocusAfterRoute();
  return (
    <div className={styles['frame']}>
      <a className={styles['skip']} href="#content">
        {text.skip}
      </a>
      <Rail />
      <TopBar onLogOut={onLogOut} onPalette={openPalette} />
      <div className={styles['bars']}>
        <AlertBar />
        <SoundBar />
      </div>
      {/* hidden by content-visibility, so that map, lists and fields keep their size, place and words */}
      <div
        className={styles['stage']}
        data-shown={isStage}
        inert={!isStage}
        {...(isStage ? { id: 'content', tabIndex: -1 } : {})}
      >
        {stage}
      </div>
      {!isStage && <OpenPage route={route} />}
      <Palette isOpen={open === 'palette'} onClose={close} />
      <KeysDialog isOpen={open === 'keys'} onClose={close} />
      <AlertNewsTeller />
      <Toasts />
    </div>
  );
}

function OpenPage({ route }: { readonly route: Route }) {
  const session = useSession();
  const section = sectionById(route.section);
  const tabs = section === undefined ? [] : tabsOf(section.id, session);
  const isAllowed = section?.visibleTo(session) !== false;
  return (
    <main id="content" className={styles['page']} tabIndex={-1} data-region="page">
      {tabs.length > 1 && isAllowed && <SectionTabs tabs={tabs} />}
      <div className={styles['inner']}>
        {section === undefined || section.component === null ? (
          <Nowhere />
        ) : isAllowed ? (
          <SectionPage id={section.id} component={section.component} />
        ) : (
          <Denied />
        )}
      </div>
    </main>
  );
}

interface SectionPageProps {
  readonly id: SectionId;
  readonly component: NonNullable<Section['component']>;
}

function SectionPage({ id, component: Content }: SectionPageProps) {
  return (
    <PageBoundary key={id}>
      <Suspense fallback={<Skeleton rows={SKELETON_ROWS} label={text.loading} />}>
        <Content />
      </Suspense>
    </PageBoundary>
  );
}

function Nowhere() {
  return (
    <StateMessage icon={Compass} title={text.nowhereTitle} text={text.nowhereText} isPage>
      <Link href="/" className={styles['way']}>
        {text.goLive}
      </Link>
    </StateMessage>
  );
}

function Denied() {
  return (
    <StateMessage icon={Lock} title={text.deniedTitle} text={text.deniedText}>
      <Link href="/" className={styles['way']}>
        {text.goLive}
      </Link>
    </StateMessage>
  );
}
