import type { groups as en } from '../en/groups.ts';
import { counted, list } from './counting.ts';

const trackers = (n: number) => counted(n, 'tracker', 'trackers');
const people = (n: number) => counted(n, 'persoon', 'personen');

export const groups: typeof en = {
  title: 'Groepen',
  intro:
    'Een groep bepaalt welke mensen welke trackers zien. Regels en plaatsen kunnen voor een groep zijn.',
  add: 'Groep maken',
  addShort: 'Nieuwe groep',
  editTitle: (name) => `${name} bewerken`,
  search: 'Groepen filteren',
  name: 'Naam',
  trackers: 'Trackers',
  people: 'Mensen',
  trackerCount: trackers,
  peopleCount: people,
  trackersField: 'Trackers in de groep',
  trackersHint: 'De mensen hieronder zien deze trackers.',
  peopleField: 'Mensen in de groep',
  peopleHint: 'Beheerders en wie alles ziet hebben geen groep nodig.',
  addTracker: 'Tracker toevoegen',
  addPerson: 'Persoon toevoegen',
  allRoles: 'ziet alles',
  nameTaken: 'Een andere groep heeft deze naam al. Kies een andere.',
  tooManyTrackers: (max) =>
    `Hier kunnen hoogstens ${max} trackers tegelijk. Kies ze op de pagina Trackers.`,
  saved: (name) => `${name} is opgeslagen`,
  made: (name) => `${name} is gemaakt`,
  removeVerb: 'Groep verwijderen',
  removed: (name) => `${name} is verwijderd`,
  removeTitle: (name) => `${name} verwijderen?`,
  removeText: (n) => {
    const parts = [
      ...(n.trackers > 0 ? [trackers(n.trackers)] : []),
      ...(n.people > 0 ? [people(n.people)] : []),
    ];
    const lose = n.trackers + n.people === 1 ? 'verliest' : 'verliezen';
    return parts.length === 0
      ? 'In deze groep zit niemand en niets.'
      : `${list(parts)} ${lose} deze groep. Zelf blijven ze bestaan.`;
  },
  removeNamed: (n) => {
    const parts = [
      ...(n.rules > 0 ? [counted(n.rules, 'regel', 'regels')] : []),
      ...(n.places > 0 ? [counted(n.places, 'plaats', 'plaatsen')] : []),
    ];
    if (parts.length === 0) return 'Geen regel en geen plaats noemt deze groep.';
    const verb =
      n.rules + n.places === 1 ? 'noemt deze groep en geldt' : 'noemen deze groep en gelden';
    return `${list(parts)} ${verb} dan niet meer voor deze trackers.`;
  },
  removeUnknown: 'Misschien noemen regels of plaatsen deze groep; die zijn niet geladen.',
  emptyTitle: 'Nog geen groepen',
  emptyText:
    'Zet trackers en de mensen die ze volgen in een groep, zoals een dienst, een team of een klant.',
  noneMatchTitle: 'Geen groep past hierbij',
  noneMatchText: 'Niets heeft deze naam.',
  loading: 'Groepen laden',
};
