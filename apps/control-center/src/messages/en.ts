import { account } from './en/account.ts';
import { activity } from './en/activity.ts';
import { alerts } from './en/alerts.ts';
import { basics } from './en/basics.ts';
import { channels } from './en/channels.ts';
import { cluster } from './en/cluster.ts';
import { commands } from './en/commands.ts';
import { connection } from './en/connection.ts';
import { deliveries } from './en/deliveries.ts';
import { detail } from './en/detail.ts';
import { forms } from './en/forms.ts';
import { groups } from './en/groups.ts';
import { help } from './en/help.ts';
import { live } from './en/live.ts';
import { login } from './en/login.ts';
import { map } from './en/map.ts';
import { nav } from './en/nav.ts';
import { people } from './en/people.ts';
import { place } from './en/place.ts';
import { places } from './en/places.ts';
import { rules } from './en/rules.ts';
import { session } from './en/session.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { street } from './en/street.ts';
import { table } from './en/table.ts';
import { time } from './en/time.ts';
import { trackerPages } from './en/tracker-pages.ts';
import { trackers } from './en/trackers.ts';
import { ui } from './en/ui.ts';

/**
 * Every sentence people read, in English: one file per area, used as `messages.<area>.…`. A value is a text or a
 * function that builds one, so that a language may order words and choose plurals as it must.
 *
 * To add an area: write `en/<area>.ts` with `export const <area> = { … }` (no `as const`), write `nl/<area>.ts`
 * with `export const <area>: typeof en = { … }` where `import type { <area> as en } from '../en/<area>.ts'`, and
 * add a line to this file and to `nl.ts`. What is missing in a language does not compile; what is equal in both
 * must stand in `equal-words.ts`.
 */
export const en = {
  ...basics,
  account,
  activity,
  alerts,
  channels,
  cluster,
  commands,
  connection,
  deliveries,
  detail,
  forms,
  groups,
  help,
  live,
  login,
  map,
  nav,
  people,
  place,
  places,
  rules,
  session,
  settings,
  shell,
  street,
  table,
  time,
  trackerPages,
  trackers,
  ui,
};

/** What every language has: the shape of English. */
export type Messages = typeof en;
