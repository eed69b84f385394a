/**
 * Every component in every state, on one page: to look at while building, and for the tests of contrast and
 * structure. Its words are specimens for whoever builds, so they stand here and not among the sentences of
 * the product.
 */
import { useState, useSyncExternalStore } from 'react';
import {
  chooseContrast,
  chooseTheme,
  chosenContrast,
  chosenTheme,
  watchTheme,
} from '../../browser/theme.ts';
import { Page } from '../../ui/page.tsx';
import { SegmentedControl } from '../../ui/segmented-control.tsx';
import { Toasts } from '../../ui/toasts.tsx';
import { ButtonsSection } from './buttons-section.tsx';
import { ChoicesSection } from './choices-section.tsx';
import { ContentSection } from './content-section.tsx';
import { FieldsSection } from './fields-section.tsx';
import { FoundationsSection } from './foundations-section.tsx';
import { MarksSection } from './marks-section.tsx';
import { OverlaysSection } from './overlays-section.tsx';
import { StatesSection } from './states-section.tsx';
import { TableSection } from './table-section.tsx';
import styles from './components-page.module.css';

const ANCHORS = [
  ['foundations', 'Foundations'],
  ['buttons', 'Buttons'],
  ['fields', 'Fields'],
  ['choices', 'Choices'],
  ['overlays', 'Dialogs, menus, toasts'],
  ['content', 'Content'],
  ['table', 'Table'],
  ['states', 'Empty, loading, failed'],
  ['marks', 'Marks and severities'],
] as const;

/** The page at `/components`. */
export function ComponentsPage() {
  return (
    <main style={{ blockSize: '100%' }}>
      <Page
        title="Components"
        description="Every component in every state. Hover, press and focus are live: try them with pointer and keyboard."
        width="wide"
      >
        <ThemeBar />
        <nav aria-label="Sections" className={styles['anchors']}>
          {ANCHORS.map(([id, title]) => (
            <a key={id} href={`#${id}`}>
              {title}
            </a>
          ))}
        </nav>
        <FoundationsSection />
        <ButtonsSection />
        <FieldsSection />
        <ChoicesSection />
        <OverlaysSection />
        <ContentSection />
        <TableSection />
        <StatesSection />
        <MarksSection />
      </Page>
      <Toasts />
    </main>
  );
}

/** Theme and contrast, remembered as everywhere, and the direction for as long as the page is open. */
function ThemeBar() {
  const theme = useSyncExternalStore(watchTheme, chosenTheme);
  const contrast = useSyncExternalStore(watchTheme, chosenContrast);
  const [direction, setDirection] = useState<'ltr' | 'rtl'>('ltr');
  return (
    <div className={styles['bar']}>
      <SegmentedControl
        label="Theme"
        value={theme}
        items={[
          { id: 'system', label: 'System' },
          { id: 'light', label: 'Light' },
          { id: 'dark', label: 'Dark' },
        ]}
        onChange={chooseTheme}
      />
      <SegmentedControl
        label="Contrast"
        value={contrast}
        items={[
          { id: 'system', label: 'System' },
          { id: 'more', label: 'High' },
        ]}
        onChange={chooseContrast}
      />
      <SegmentedControl<'ltr' | 'rtl'>
        label="Direction"
        value={direction}
        items={[
          { id: 'ltr', label: 'Left to right' },
          { id: 'rtl', label: 'Right to left' },
        ]}
        onChange={(choice) => {
          document.documentElement.dir = choice;
          setDirection(choice);
        }}
      />
    </div>
  );
}
