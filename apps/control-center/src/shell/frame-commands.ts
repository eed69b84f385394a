import { FlaskConical, Keyboard, LogOut, Moon, Plus, Sun, SunMoon, VolumeX } from 'lucide-react';
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
  const sections = SECTIONS.filter(({ key, visibleTo }) => key !== null && visibleTo(session));
  useCommands([
    {
      ...{ id: 'palette', title: text.openPalette, group, keys: ['Mod+K'] },
      ...{ run: openPalette, inPalette: false },
    },
    { id: 'keys', title: text.allKeys, group, icon: Keyboard, keys: ['?'], run: openKeys },
    {
      ...{ id: 'region', title: text.nextRegion, group, keys: ['F6'], inPalette: false },
      run: () => focusNextRegion(),
    },
    {
      ...{ id: 'region-back', title: text.previousRegion, group, keys: ['Shift+F6'] },
      ...{ inPalette: false, run: () => focusNextRegion(true) },
    },
    // lists hear these themselves
    { id: 'move', title: text.move, group, keys: ['↑', '↓'], run: null },
    { id: 'open', title: text.open, group, keys: ['Enter'], run: null },
    {
      ...{ id: 'new-place', title: text.newPlace, group, icon: Plus, keys: ['N'] },
      ...{ isEnabled: isManager, run: () => navigate('/places/new') },
    },
    {
      ...{ id: 'new-tracker', title: text.newTracker, group, icon: Plus, keys: [] },
      ...{ isEnabled: isManager, run: () => navigate('/trackers/new') },
    },
    ...themeCommands(),
    { id: 'log-out', title: text.logOut, group, icon: LogOut, keys: [], run: onLogOut },
    ...sections.map(({ id, title, key, path, icon }): Command => ({
      ...{ id: `go-${id}`, title: text.goTo(title), group: 'sections', icon },
      ...{ keys: [`G ${key?.toUpperCase()}`], run: () => navigate(path), inPalette: false },
    })),
  ]);
}

function themeCommands(): readonly Command[] {
  const group = 'everywhere';
  const { lightTheme, darkTheme, systemTheme } = text;
  return [
    {
      ...{ id: 'light', title: lightTheme, group, icon: Sun, keys: [] },
      run: () => chooseTheme('light'),
    },
    {
      ...{ id: 'dark', title: darkTheme, group, icon: Moon, keys: [] },
      run: () => chooseTheme('dark'),
    },
    {
      ...{ id: 'system', title: systemTheme, group, icon: SunMoon, keys: [] },
      run: () => chooseTheme('system'),
    },
  ];
}

/** What can be done with alerts on every page, by those who handle them. */
export function useAlertCommands(): void {
  const store = useAlertStore();
  const actions = useAlertActions();
  const desk = useSoundDesk();
  const mayHandle = useCan('handleAlerts');
  const group = 'alerts';
  useCommands([
    {
      ...{ id: 'acknowledge', title: text.acknowledge, group, keys: ['A'], isEnabled: mayHandle },
      inPalette: false,
      run: () => {
        const alert = alertInFocus(store.snapshot().queue, isUnanswered);
        if (alert !== null && isUnanswered(alert)) void actions.acknowledge(alert);
      },
    },
    {
      ...{ id: 'assign', title: text.assign, group, keys: ['S'], isEnabled: mayHandle },
      inPalette: false,
      run: () => {
        const alert = alertInFocus(store.snapshot().queue, () => true);
        if (alert !== null) actions.askAssign(alert);
      },
    },
    {
      ...{ id: 'mute', title: text.mute, group, icon: VolumeX, keys: [], isEnabled: mayHandle },
      run: () => desk.mute(),
    },
    {
      ...{ id: 'test-sound', title: text.testSound, group, icon: FlaskConical, keys: [] },
      ...{ isEnabled: mayHandle, run: () => desk.test() },
    },
  ]);
}
