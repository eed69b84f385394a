import type { Messages } from './en.ts';
import { account } from './nl/account.ts';
import { activity } from './nl/activity.ts';
import { alerts } from './nl/alerts.ts';
import { basics } from './nl/basics.ts';
import { channels } from './nl/channels.ts';
import { cluster } from './nl/cluster.ts';
import { commands } from './nl/commands.ts';
import { connection } from './nl/connection.ts';
import { deliveries } from './nl/deliveries.ts';
import { detail } from './nl/detail.ts';
import { forms } from './nl/forms.ts';
import { groups } from './nl/groups.ts';
import { help } from './nl/help.ts';
import { live } from './nl/live.ts';
import { login } from './nl/login.ts';
import { map } from './nl/map.ts';
import { nav } from './nl/nav.ts';
import { people } from './nl/people.ts';
import { place } from './nl/place.ts';
import { places } from './nl/places.ts';
import { rules } from './nl/rules.ts';
import { session } from './nl/session.ts';
import { settings } from './nl/settings.ts';
import { shell } from './nl/shell.ts';
import { street } from './nl/street.ts';
import { table } from './nl/table.ts';
import { time } from './nl/time.ts';
import { trackerPages } from './nl/tracker-pages.ts';
import { trackers } from './nl/trackers.ts';
import { ui } from './nl/ui.ts';

/** Every sentence people read, in Dutch; how to add to it stands in `en.ts`. */
export const nl: Messages = {
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
