import { counted, list } from './counting.ts';

const trackers = (n: number) => counted(n, 'tracker', 'trackers');
const people = (n: number) => counted(n, 'person', 'people');

/** Sentences of the page of groups. */
export const groups = {
  title: 'Groups',
  intro: 'A group says which people see which trackers. Rules and places can be for a group.',
  add: 'Make a group',
  addShort: 'New group',
  editTitle: (name: string) => `Edit ${name}`,
  search: 'Filter groups',
  name: 'Name',
  trackers: 'Trackers',
  people: 'People',
  trackerCount: trackers,
  peopleCount: people,
  trackersField: 'Trackers in the group',
  trackersHint: 'The people below see these trackers.',
  peopleField: 'People in the group',
  peopleHint: 'Administrators, and those who see everything, need no group.',
  addTracker: 'Add a tracker',
  addPerson: 'Add a person',
  allRoles: 'sees everything',
  nameTaken: 'Another group has this name. Choose another one.',
  tooManyTrackers: (max: string) =>
    `At most ${max} trackers can be set here at once. Choose them on the page Trackers instead.`,
  saved: (name: string) => `${name} is saved`,
  made: (name: string) => `${name} is made`,
  removeVerb: 'Delete group',
  removed: (name: string) => `${name} is deleted`,
  removeTitle: (name: string) => `Delete ${name}?`,
  removeText: (n: { trackers: number; people: number }) => {
    const parts = [
      ...(n.trackers > 0 ? [trackers(n.trackers)] : []),
      ...(n.people > 0 ? [people(n.people)] : []),
    ];
    const lose = n.trackers + n.people === 1 ? 'loses' : 'lose';
    return parts.length === 0
      ? 'Nobody and nothing is in this group.'
      : `${list(parts)} ${lose} this group. They stay themselves.`;
  },
  removeNamed: (n: { rules: number; places: number }) => {
    const parts = [
      ...(n.rules > 0 ? [counted(n.rules, 'rule', 'rules')] : []),
      ...(n.places > 0 ? [counted(n.places, 'place', 'places')] : []),
    ];
    if (parts.length === 0) return 'No rule and no place names it.';
    const verb = n.rules + n.places === 1 ? 'names' : 'name';
    return `${list(parts)} ${verb} it and will no longer count for its trackers.`;
  },
  removeUnknown: 'Rules or places may name it; they did not load.',
  emptyTitle: 'No groups yet',
  emptyText:
    'Put trackers and the people who follow them in a group, such as a shift, a team or a customer.',
  noneMatchTitle: 'No group fits',
  noneMatchText: 'Nothing has this name.',
  loading: 'Loading groups',
};
