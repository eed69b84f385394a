import type { AlertReply, FenceReply, TrackerReply } from '@followme/contracts';
import { CircleUserRound, Hexagon, RadioTower, UsersRound } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useAlertActions } from '../alerts/alert-actions.tsx';
import { isUnanswered } from '../alerts/alert-order.ts';
import { alertTitle } from '../alerts/alert-words.tsx';
import { useAlertValue } from '../alerts/alerts-context.ts';
import { updateUrl } from '../browser/url-state.ts';
import { useFences } from '../hooks/use-fences.ts';
import { useGroups, usePeople, useTrackers } from '../hooks/use-lists.ts';
import { messages } from '../messages/messages.ts';
import { useCan, useSession } from '../session/session-context.ts';
import { SeverityGlyph } from '../ui/severity-glyph.tsx';
import { type Command, useAllCommands } from './commands.ts';
import {
  type Findable,
  type FoundGroup,
  type Indexed,
  indexFindables,
  type PaletteGroup,
} from './palette-search.ts';
import { navigate } from './route.ts';
import { SECTIONS } from './sections.tsx';

/** Something the palette finds, and what choosing it does. */
export interface PaletteItem extends Findable {
  readonly icon?: ReactNode;
  /** The keys that do the same. */
  readonly keys?: string;
  /** The alert it is, so that something can be done with it at once. */
  readonly alert?: AlertReply;
  readonly run: () => void;
}

/** Everything that can be found, prepared for searching. */
export type PaletteIndex = ReadonlyMap<PaletteGroup, readonly Indexed<PaletteItem>[]>;

const text = messages.commands;
const ICON_PX = 16;
const NO_ITEMS: readonly Indexed<PaletteItem>[] = [];

/** The palette is made anew each time it opens: names are prepared once for as long as the list is the same. */
function keptBy<T>(make: (list: readonly T[]) => readonly Indexed<PaletteItem>[]) {
  const kept = new WeakMap<readonly T[], readonly Indexed<PaletteItem>[]>();
  return (list: readonly T[] | undefined): readonly Indexed<PaletteItem>[] => {
    if (list === undefined) return NO_ITEMS;
    const index = kept.get(list) ?? make(list);
    kept.set(list, index);
    return index;
  };
}

const trackerItems = keptBy((trackers: readonly TrackerReply[]) => {
  const icon = <RadioTower size={ICON_PX} aria-hidden="true" />;
  const items = trackers.map(({ id, name }): PaletteItem => {
    const run = (): void => updateUrl({ trackerId: id, view: 'map' });
    return { group: 'trackers', id: `${id}`, name, icon, run };
  });
  return indexFindables(items);
});

const placeItems = keptBy((fences: readonly FenceReply[]) => {
  const icon = <Hexagon size={ICON_PX} aria-hidden="true" />;
  const items = fences.map(({ id, name }): PaletteItem => {
    return { group: 'places', id: `${id}`, name, icon, run: () => navigate(`/places/${id}`) };
  });
  return indexFindables(items);
});

/** People and groups are found by those who manage them. */
function usePeopleItems(): readonly Indexed<PaletteItem>[] {
  const isManager = useCan('manage');
  const people = usePeople(isManager);
  const groups = useGroups();
  return useMemo(() => {
    if (!isManager) return NO_ITEMS;
    const person = <CircleUserRound size={ICON_PX} aria-hidden="true" />;
    const several = <UsersRound size={ICON_PX} aria-hidden="true" />;
    return indexFindables([
      ...(people.data ?? []).map(({ id, name, email }): PaletteItem => ({
        group: 'people',
        id: `person-${id}`,
        name,
        detail: email,
        icon: person,
        run: () => navigate('/people'),
      })),
      ...(groups.data ?? []).map(({ id, name }): PaletteItem => ({
        group: 'people',
        id: `group-${id}`,
        name,
        detail: text.group,
        icon: several,
        run: () => navigate('/groups'),
      })),
    ]);
  }, [isManager, people.data, groups.data]);
}

function useAlertItems(): readonly Indexed<PaletteItem>[] {
  const queue = useAlertValue((snapshot) => snapshot.queue);
  return useMemo(
    () =>
      indexFindables(
        queue.map((alert): PaletteItem => ({
          group: 'alerts',
          id: `${alert.id}`,
          name: alertTitle(alert),
          alert,
          detail: messages.alerts.state[alert.state],
          icon: <SeverityGlyph severity={alert.severity} size={16} />,
          run: () => navigate(`/alerts/${alert.id}`),
        })),
      ),
    [queue],
  );
}

function useSectionItems(): readonly Indexed<PaletteItem>[] {
  const session = useSession();
  return useMemo(
    () =>
      indexFindables(
        SECTIONS.filter(({ visibleTo }) => visibleTo(session)).map(
          ({ id, title, path, key, icon: Icon }): PaletteItem => ({
            group: 'sections',
            id,
            name: title,
            icon: <Icon size={ICON_PX} aria-hidden="true" />,
            ...(key === null ? {} : { keys: `G ${key.toUpperCase()}` }),
            run: () => navigate(path),
          }),
        ),
      ),
    [session],
  );
}

function commandItem({ id, title, icon: Icon, keys, run }: Command): PaletteItem {
  const [first] = keys;
  return {
    group: 'do',
    id,
    name: title,
    run: run ?? (() => undefined),
    ...(Icon === undefined ? {} : { icon: <Icon size={ICON_PX} aria-hidden="true" /> }),
    ...(first === undefined ? {} : { keys: first }),
  };
}

/** Everything that can be found and done from here. */
export function usePaletteIndex(): PaletteIndex {
  const alerts = useAlertItems();
  const places = placeItems(useFences().data);
  const trackers = trackerItems(useTrackers().data);
  const people = usePeopleItems();
  const sections = useSectionItems();
  const commands = useAllCommands();
  return useMemo(() => {
    const usable = commands.filter(
      ({ run, isEnabled, inPalette }) => run !== null && isEnabled !== false && inPalette !== false,
    );
    return new Map<PaletteGroup, readonly Indexed<PaletteItem>[]>([
      ['alerts', alerts],
      ['places', places],
      ['trackers', trackers],
      ['people', people],
      ['sections', sections],
      ['do', indexFindables(usable.map(commandItem))],
    ]);
  }, [alerts, places, trackers, people, sections, commands]);
}

/** Puts what can be done with the first result before the rest of what can be done. */
export function useWithActions() {
  const actions = useAlertActions();
  const mayHandle = useCan('handleAlerts');
  return (found: readonly FoundGroup<PaletteItem>[]): readonly FoundGroup<PaletteItem>[] => {
    const alert = found[0]?.items[0]?.alert;
    if (alert === undefined || !mayHandle) return found;
    const what = alertTitle(alert);
    const assign: PaletteItem = {
      group: 'do',
      id: 'assign-top',
      name: text.assignAlert(what),
      keys: 'S',
      run: () => actions.askAssign(alert),
    };
    const acknowledge: PaletteItem = {
      group: 'do',
      id: 'acknowledge-top',
      name: text.acknowledgeAlert(what),
      keys: 'A',
      run: () => void actions.acknowledge(alert),
    };
    const first = isUnanswered(alert) ? [acknowledge, assign] : [assign];
    const rest = found.find(({ group }) => group === 'do');
    const items = [...first, ...(rest?.items ?? [])];
    const total = first.length + (rest?.total ?? 0);
    return [...found.filter((each) => each !== rest), { group: 'do', items, total }];
  };
}
