import { counted, number } from './counting.ts';

const trackers = (n: number) => counted(n, 'tracker', 'trackers');

/** Sentences of the pages on which trackers are added and changed. */
export const trackerPages = {
  title: 'Trackers',
  intro: 'What reports where it is: a device, or a phone with an app.',
  add: 'Add a tracker',
  search: 'Filter by name or identifier',
  group: 'Group',
  allGroups: 'All groups',
  noGroup: 'In no group',
  table: 'Trackers',
  columns: { name: 'Name', groups: 'Groups', device: 'Device', heard: 'Last heard' },
  shown: (n: number, all: number) =>
    n === all ? trackers(all) : `${number(n)} of ${trackers(all)}`,
  select: (name: string) => `Choose ${name}`,
  selectAll: 'Choose all that are shown',
  chosen: (n: number) => `${trackers(n)} chosen`,
  clearChosen: 'Choose none',
  noDevice: 'No device',
  never: 'Nothing yet',
  showOnMap: 'Show on map',
  edit: 'Edit',
  editTitle: (name: string) => `Edit ${name}`,
  retire: 'Retire',
  retireTitle: (name: string) => `Retire ${name}?`,
  retireText:
    'It disappears from the map and from every list, and what its device sends is no longer taken. What it reported until now stays.',
  retireGroups: (n: number) =>
    n === 0 ? 'It is in no group.' : `It leaves ${counted(n, 'group', 'groups')}.`,
  retired: (name: string) => `${name} is retired`,
  saved: (name: string) => `${name} is saved`,
  goneTitle: 'This tracker is not here',
  goneText: 'It was retired, or you may no longer see it.',
  back: 'All trackers',

  nameHint: 'What people call it: a person, a vehicle, a post.',
  nameTaken: 'Another tracker has this name. That is allowed; people may mix them up.',
  groups: 'Groups',
  groupsHint: 'People of these groups see it. In no group, only those who see everything do.',
  addGroup: 'Add a group',
  noGroups: 'There are no groups yet. You can put it in one later.',
  family: 'Kind of device',
  familyHint: 'The make says how the device speaks.',
  withoutDevice: 'No device yet',
  identifier: 'Identifier',
  identifierHint:
    'For most devices the IMEI: 15 digits on the label of the device or its box, beside a bar code.',
  identifierMissing: 'Enter the identifier, or choose “No device yet”.',
  identifierForm: 'An identifier has letters, digits and signs, without blanks or accents.',
  identifierTooLong: (max: number) => `An identifier has at most ${number(max)} characters.`,
  imeiLength: (digits: number) =>
    `An IMEI has 15 digits, this has ${number(digits)}. Check it: a wrong one never connects.`,
  imeiCheckDigit:
    'The last digit does not fit the others, so a digit is wrong or swapped. Check it: a wrong one never connects.',
  identifierGiven: 'The identifier that must match the device',
  copyIdentifier: 'Copy the identifier',
  deviceTaken:
    'Another tracker has a device with this identifier. Check for a typing mistake, or take the device away from the other tracker first.',
  deviceTakenBy: (name: string) =>
    `${name} already has this device. Check for a typing mistake, or take the device away from ${name} first.`,
  protocolUnknown: 'This installation does not speak with this kind of device. Choose another one.',
  groupGone: 'One of these groups is not there any more. Take it out.',

  step: (n: number, of: number) => `Step ${n} of ${of}`,
  next: 'Next',
  previous: 'Back',
  create: 'Add tracker',
  stepName: 'What is it called?',
  stepDevice: 'Which device reports for it?',
  stepConnect: 'Tell the device where to report',
  addresses: 'Enter these in the device',
  host: 'Server',
  port: 'Port',
  copyHost: 'Copy the server',
  copyPort: 'Copy the port',
  copyCommand: 'Copy the message',
  meitrackTitle: 'Meitrack by text message',
  meitrackText:
    'Send these two text messages to the phone number of the SIM card in the device. Replace the three words in capitals by those of your mobile operator; leave user and password empty when there are none.',
  meitrackPassword:
    '0000 is the password of the device as it is sold. Use yours when you changed it.',
  meitrackInterval: 'How often, here every 30 seconds:',
  meitrackFirst: 'Where to report:',
  apnWords: { apn: 'APN', user: 'USER', password: 'PASSWORD' },
  hostHint: (host: string) =>
    `${host} is the name you opened this page at. The device must reach it over the mobile network.`,
  localHost:
    'This page was opened on the machine itself. A device outside needs the name or address at which this machine can be reached.',
  addressesFailed: 'The addresses did not load.',
  noAddress: 'This installation has no port for this kind of device.',
  waiting: 'Waiting for the first fix',
  waitingText:
    'Switch the device on, outside if you can. The first fix often takes one to five minutes. You can leave this page: nothing is missed.',
  waitingHelp: 'Nothing after ten minutes?',
  waitingHelpText:
    'Check the identifier, the server and port in the device, the credit on the SIM card, and that the port is open in the firewall.',
  offline: 'The connection to the server is lost. A first fix shows when it is back.',
  firstFix: (ago: string) => `First fix received ${ago}`,
  firstFixNow: 'First fix received just now',
  firstFixOld: (time: string) => `Measured ${time}, kept by the device until now.`,
  reporting: (ago: string) => `Reporting, last heard ${ago}`,
  reportingNow: 'Reporting, last heard just now',
  noPosition: 'The device is connected, but does not see satellites',
  noPositionText: 'Take it outside or to a window. The address is right.',
  noDeviceYet: 'No device reports for it yet.',
  addDevice: 'Set the device',
  done: 'Done',
  addAnother: 'Add another one',

  addToGroup: 'Add to a group',
  addToGroupTitle: (n: number) => `Add ${trackers(n)} to a group`,
  removeFromGroup: 'Take out of a group',
  removeFromGroupTitle: (n: number) => `Take ${trackers(n)} out of a group`,
  chooseGroup: 'Choose a group',
  groupMissing: 'Choose a group.',
  addNow: (n: number) => `Add ${trackers(n)}`,
  removeNow: (n: number) => `Take out ${trackers(n)}`,
  alreadyThere: (n: number) => `${trackers(n)} already there.`,
  notThere: (n: number) => `${trackers(n)} not in it.`,
  nothingToDo: 'There is nothing to change.',
  bulkAdded: (n: number, group: string) =>
    `${trackers(n)} ${n === 1 ? 'is' : 'are'} added to ${group}`,
  bulkRemoved: (n: number, group: string) =>
    `${trackers(n)} ${n === 1 ? 'is' : 'are'} taken out of ${group}`,
  bulkPart: (done: number, all: number) =>
    `${number(done)} of ${trackers(all)} done, then it failed. Try again to do the others.`,
  bulkProgress: (done: number, all: number) => `${number(done)} of ${number(all)}`,

  emptyTitle: 'No trackers yet',
  emptyText:
    'Add the first one: give it a name, enter an address in its device, and see its first fix arrive.',
  emptyOperator: 'An administrator adds trackers and decides who sees them.',
  noneMatchTitle: 'No tracker fits',
  noneMatchText: 'Nothing has this name or identifier in this group.',
  loading: 'Loading trackers',
};
