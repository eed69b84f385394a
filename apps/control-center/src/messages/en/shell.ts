/** Sentences of the frame around every page: sections, what is missing, what one may not see. */
export const shell = {
  sections: {
    live: 'Live',
    alerts: 'Alerts',
    places: 'Places',
    people: 'People',
    groups: 'Groups',
    trackers: 'Trackers',
    rules: 'Rules',
    deliveries: 'Deliveries',
    settings: 'Settings',
    help: 'Help',
  },
  open: 'Open',
  closed: 'Closed',
  more: 'More',
  tabs: 'Parts of this section',
  skip: 'Skip to the content',
  loading: 'Loading the page',
  nowhereTitle: 'Nothing here',
  nowhereText:
    'This address leads nowhere. It may have been typed wrong, or what it showed is gone.',
  goLive: 'Go to the live map',
  deniedTitle: 'You cannot see this page',
  deniedText: 'Your role does not include it. An administrator can change that.',
  brokenTitle: 'This page did not open',
  brokenText: 'The live map and the alerts still work.',
};
