import type { SessionReply } from '@followme/contracts';
import {
  BellRing,
  CircleHelp,
  Hexagon,
  type LucideIcon,
  Map as MapIcon,
  RadioTower,
  Send,
  Settings,
  Siren,
  Users,
  UsersRound,
} from 'lucide-react';
import { type ComponentType, lazy } from 'react';
import { messages } from '../messages/messages.ts';
import { can } from '../session/session-context.ts';
import type { Route, SectionId } from './route.ts';

/** One part of the product that has a path of its own. */
export interface Section {
  readonly id: SectionId;
  readonly path: string;
  readonly icon: LucideIcon;
  readonly title: string;
  /** The letter that goes there after G; null when none does. */
  readonly key: string | null;
  /** Where the way to it stands: in the rail, at its foot, or only as a tab beside another section. */
  readonly stands: 'rail' | 'foot' | 'tab';
  /** The entry of the rail that is lit while it is open. */
  readonly rail: SectionId;
  /** The page; null is the stage with the map, which is always there. */
  readonly component: ComponentType | null;
  readonly visibleTo: (session: SessionReply) => boolean;
}

/** A page that is loaded when somebody goes there. */
function page(load: () => Promise<ComponentType>): ComponentType {
  return lazy(async () => ({ default: await load() }));
}

const title = messages.shell.sections;
const everybody = (): boolean => true;
const managers = (session: SessionReply): boolean => can(session, 'manage');
const dispatchers = (session: SessionReply): boolean => can(session, 'seeDeliveries');

/** Every section, in the order of the rail. */
export const SECTIONS: readonly Section[] = [
  {
    id: 'live',
    path: '/',
    icon: MapIcon,
    title: title.live,
    key: 'l',
    stands: 'rail',
    rail: 'live',
    component: null,
    visibleTo: everybody,
  },
  {
    id: 'alerts',
    path: '/alerts',
    icon: Siren,
    title: title.alerts,
    key: 'a',
    stands: 'rail',
    rail: 'alerts',
    component: page(() => import('../views/alerts/alerts-page.tsx').then((m) => m.AlertsPage)),
    visibleTo: everybody,
  },
  {
    id: 'rules',
    path: '/rules',
    icon: BellRing,
    title: title.rules,
    key: null,
    stands: 'tab',
    rail: 'alerts',
    component: page(() => import('../views/rules/rules-page.tsx').then((m) => m.RulesPage)),
    visibleTo: dispatchers,
  },
  {
    id: 'deliveries',
    path: '/deliveries',
    icon: Send,
    title: title.deliveries,
    key: null,
    stands: 'tab',
    rail: 'alerts',
    component: page(() =>
      import('../views/alerts/deliveries-page.tsx').then((m) => m.DeliveriesPage),
    ),
    visibleTo: dispatchers,
  },
  {
    id: 'places',
    path: '/places',
    icon: Hexagon,
    title: title.places,
    key: 'p',
    stands: 'rail',
    rail: 'places',
    component: null,
    visibleTo: everybody,
  },
  {
    id: 'people',
    path: '/people',
    icon: Users,
    title: title.people,
    key: 'e',
    stands: 'rail',
    rail: 'people',
    component: page(() => import('../views/people/people-page.tsx').then((m) => m.PeoplePage)),
    visibleTo: managers,
  },
  {
    id: 'groups',
    path: '/groups',
    icon: UsersRound,
    title: title.groups,
    key: null,
    stands: 'tab',
    rail: 'people',
    component: page(() => import('../views/groups/groups-page.tsx').then((m) => m.GroupsPage)),
    visibleTo: everybody,
  },
  {
    id: 'trackers',
    path: '/trackers',
    icon: RadioTower,
    title: title.trackers,
    key: 't',
    stands: 'rail',
    rail: 'trackers',
    component: page(() =>
      import('../views/trackers/trackers-page.tsx').then((m) => m.TrackersPage),
    ),
    visibleTo: everybody,
  },
  {
    id: 'help',
    path: '/help',
    icon: CircleHelp,
    title: title.help,
    key: null,
    stands: 'foot',
    rail: 'help',
    component: page(() => import('../views/help/help-page.tsx').then((m) => m.HelpPage)),
    visibleTo: everybody,
  },
  {
    id: 'settings',
    path: '/settings',
    icon: Settings,
    title: title.settings,
    key: null,
    stands: 'foot',
    rail: 'settings',
    component: page(async () => (await import('../views/settings/settings-page.tsx')).SettingsPage),
    visibleTo: managers,
  },
];

/** Sections that stand beside each other as tabs; alerts have two, by whether they are closed. */
const TAB_ROWS: readonly (readonly Tab[])[] = [
  [
    { section: 'alerts', path: '/alerts', title: messages.shell.open },
    { section: 'alerts', path: '/alerts?state=closed', title: messages.shell.closed },
    { section: 'rules', path: '/rules', title: title.rules },
    { section: 'deliveries', path: '/deliveries', title: title.deliveries },
  ],
  [
    { section: 'people', path: '/people', title: title.people },
    { section: 'groups', path: '/groups', title: title.groups },
    { section: 'trackers', path: '/trackers', title: title.trackers },
  ],
];

/** A tab above a page. */
export interface Tab {
  readonly section: SectionId;
  readonly path: string;
  readonly title: string;
}

/** A section by its id; undefined for one that is not in the frame. */
export function sectionById(id: string): Section | undefined {
  return SECTIONS.find((section) => section.id === id);
}

/** The tabs above the page of a section, as far as this person may see them; none when it stands alone. */
export function tabsOf(id: SectionId, session: SessionReply): readonly Tab[] {
  const row = TAB_ROWS.find((tabs) => tabs.some((tab) => tab.section === id)) ?? [];
  return row.filter((tab) => sectionById(tab.section)?.visibleTo(session) === true);
}

/** Whether the stage with the map is what a route shows. */
export function showsStage({ section }: Route): boolean {
  return sectionById(section)?.component === null;
}
