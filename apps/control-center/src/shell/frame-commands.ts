import type { SessionReply } from '@followme/contracts';
import { Keyboard, LogOut, Moon, Plus, Sun, SunMoon, Volume2, VolumeX } from 'lucide-react';
import { useAlertActions } from '../alerts/alert-actions.tsx';
import { isUnanswered } from '../alerts/alert-order.ts';
import { useAlertStore } from '../alerts/alerts-context.ts';
import { alertInFocus } from '../alerts/focused-alert.ts';
import { useSoundDesk } from '../alerts/sound-context.ts';
import { chooseTheme } from '../browser/theme.ts';
import { messages } from '../messages/messages.ts';
import { useCan, useSession } from '../session/session-context.ts';
import { type Command, useCommands } from './commands.ts';
import { navigate } from './route.ts';
import { SECTIONS } from './sections.tsx';
import { focusNextRegion } from './use-key-bindings.ts';

const text = messages.commands;

/** What the commands of the frame need of it. */
interface FrameDeeds {
  readonly openPalette: () => void;
  readonly openKeys: () => void;
  readonly onLogOut: () => void;
}

/** What can be done on every page. */
export function useFrameCommands({ openPalette, openKeys, onLogOut }: FrameDeeds): void {
  const session = useSession();
  const isManager = useCan('manage');
  const group = 'everywhere';
  const palette = { id: 'palette', title: text.openPalette, group, keys: ['Mod+K'] } as const;
  useCommands([
    { ...palette, run: openPalette, inPalette: false },
    { id: 'keys', title: text.allKeys, group, icon: Keyboard, keys: ['?'], run: openKeys },
    ...moveCommands(),
    ...newCommands().map((command) => ({ ...command, isEnabled: isManager })),
    ...themeCommands(),
    { id: 'log-out', title: text.logOut, group, icon: LogOut, keys: [], run: onLogOut },
    ...sectionCommands(session),
  ]);
}

/** Between the parts of the page, and within a list, which hears its keys itself. */
function moveCommands(): readonly Command[] {
  const common = { group: 'everywhere', inPalette: false } as const;
  const { nextRegion, previousRegion, move, open } = text;
  return [
    { ...common, id: 'region', title: nextRegion, keys: ['F6'], run: () => focusNextRegion() },
    {
      ...common,
      id: 'region-back',
      title: previousRegion,
      keys: ['Shift+F6'],
      run: () => focusNextRegion(true),
    },
    { ...common, id: 'move', title: move, keys: ['↑', '↓'], run: null },
    { ...common, id: 'open', title: open, keys: ['Enter'], run: null },
  ];
}

/** What administrators make. */
function newCommands(): readonly Command[] {
  const common = { group: 'everywhere', icon: Plus } as const;
  const { newPlace, newTracker } = text;
  return [
    {
      ...common,
      id: 'new-place',
      title: newPlace,
      keys: ['N'],
      run: () => navigate('/places/new'),
    },
    {
      ...common,
      id: 'new-tracker',
      title: newTracker,
      keys: [],
      run: () => navigate('/trackers/new'),
    },
  ];
}

function themeCommands(): readonly Command[] {
  const { lightTheme, darkTheme, systemTheme } = text;
  const themes = [
    ['light', lightTheme, Sun],
    ['dark', darkTheme, Moon],
    ['system', systemTheme, SunMoon],
  ] as const;
  return themes.map(([id, title, icon]) => ({
    id,
    title,
    icon,
    group: 'everywhere',
    keys: [],
    run: () => chooseTheme(id),
  }));
}

function sectionCommands(session: SessionReply): readonly Command[] {
  return SECTIONS.filter(({ visibleTo }) => visibleTo(session)).flatMap(
    ({ id, title, key, path, icon }): Command[] => {
      if (key === null) return [];
      const keys = [`G ${key.toUpperCase()}`];
      const common = { group: 'sections', inPalette: false, icon } as const;
      const run = (): void => navigate(path);
      return [{ ...common, id: `go-${id}`, title: text.goTo(title), keys, run }];
    },
  );
}

/** What can be done with alerts on every page, by those who handle them. */
export function useAlertCommands(): void {
  const store = useAlertStore();
  const actions = useAlertActions();
  const desk = useSoundDesk();
  const isEnabled = useCan('handleAlerts');
  const common = { group: 'alerts', isEnabled } as const;
  const onCard = { ...common, inPalette: false } as const;

  function acknowledge(): void {
    const alert = alertInFocus(store.snapshot().queue, isUnanswered);
    if (alert !== null && isUnanswered(alert)) void actions.acknowledge(alert);
  }
  function assign(): void {
    const alert = alertInFocus(store.snapshot().queue, () => true);
    if (alert !== null) actions.askAssign(alert);
  }
  useCommands([
    { ...onCard, id: 'acknowledge', title: text.acknowledge, keys: ['A'], run: acknowledge },
    { ...onCard, id: 'assign', title: text.assign, keys: ['S'], run: assign },
    {
      ...common,
      id: 'mute',
      title: text.mute,
      icon: VolumeX,
      keys: [],
      run: () => desk.mute(),
    },
    {
      ...common,
      id: 'test-sound',
      title: text.testSound,
      icon: Volume2,
      keys: [],
      run: () => desk.test(),
    },
  ]);
}
