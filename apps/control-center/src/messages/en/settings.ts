import { number } from './counting.ts';

/** Sentences of the settings page. */
export const settings = {
  title: 'Settings',
  intro: 'How the control center looks and speaks, for everybody in your organisation.',
  loading: 'Loading the settings',
  parts: 'Parts of the settings',
  tabs: { brand: 'Brand', map: 'Map', language: 'Language and sound', channels: 'Messages out' },
  bar: {
    unsaved: 'Not saved yet.',
    kept: 'What you changed stays here while you look around.',
    save: 'Save',
    discard: 'Discard',
    saved: 'Saved',
    savedText: 'Everybody sees it the next time they open the page.',
    failed: 'It was not saved.',
    conflict: 'Somebody else changed the settings meanwhile.',
    conflictText: 'Yours are still here. Saving yours replaces only what you changed.',
    saveMine: 'Save mine',
    seeTheirs: 'Discard mine',
    checkFields: 'Something is missing. The fields say what.',
  },
  brand: {
    name: 'Name',
    nameHint:
      'Shown at login, above every page and in mails. Empty: the name of your organisation.',
    logo: 'Logo',
    logoHint: (kilobytes: number) =>
      `PNG, JPEG or WebP, at most ${number(kilobytes)} kB. A square shows best.`,
    logoTooLarge: (kilobytes: number, max: number) =>
      `This file has ${number(kilobytes)} kB. At most ${number(max)} kB fit.`,
    logoBroken: 'This is no PNG, JPEG or WebP image. Choose another file.',
    logoNow: 'The logo as it will look',
    logoNone: 'No logo: our sign is shown in your colour.',
    logoRemove: 'Remove logo',
    colour: 'Colour',
    colourHint:
      'One colour is enough. Light and dark tones are made from it so that text stays readable.',
    colourPick: 'Pick a colour',
    colourError: 'Enter a colour like #2b59d9.',
    colourShipped: 'Use our blue',
    preview: 'How it will look',
    previewLight: 'Light theme',
    previewDark: 'Dark theme',
    previewButton: 'Send',
    previewSelected: 'Selected',
    previewRow: 'Patrol 14',
    previewLink: 'Show on map',
    previewMap: 'Mark and trail on the map',
    changedLight:
      'In the light theme your colour is darkened: as it is, words in it could not be read on white.',
    changedDark:
      'In the dark theme your colour is lightened: as it is, it could not be seen on a dark screen.',
    usesInk:
      'This is close to the red of critical alerts. Buttons keep your colour; selection and trails on the map are black or white, so that nobody takes them for an alarm.',
  },
  map: {
    kind: 'Street map',
    builtIn: 'Built-in map',
    builtInDetail: 'Land, water, borders and names of towns. No streets. Works without internet.',
    file: 'Map file on this server',
    fileDetail:
      'Streets from a PMTiles file. Nothing is asked from outside, so nobody learns where you look.',
    style: 'Map from another server',
    styleDetail:
      'A MapLibre style at an address. That server sees which parts of the map your people look at.',
    fileLabel: 'File',
    fileNone: 'There is no map file on this server yet',
    fileNoneText:
      'Whoever runs the server puts a file that ends in .pmtiles into the folder "maps" of its data. Then open this page again.',
    fileGone: (file: string) => `The file ${file} is no longer on the server. Choose another.`,
    fileMissing: 'Choose a file.',
    url: 'Address of the style',
    urlHint:
      'Pages of your organisation may then load maps from this one server and from nowhere else. A key in the address can be seen by everybody who opens the page.',
    urlError: 'Enter an address that begins with https:// and holds no password.',
    try: 'Try this map',
    trying: 'Trying the map',
    tryAfterSaving:
      'It is tried after saving: before that, this page may not speak to the other server.',
    works: 'This map works.',
    fault: {
      unreachable: 'The map did not answer. Check that it is there.',
      notAMap: 'This is no map that can be shown. Check the file or the address.',
      unknownForm:
        'This file is drawn for other programs. Use one in the form of Protomaps, or one made of pictures.',
    },
    savedWorks: 'The street map is saved, and it works.',
    savedFails: 'The street map is saved, but it does not load.',
    savedFailsText: 'Everybody sees the built-in map until it does.',
    goBack: 'Use the built-in map',
    folderHint: 'What there is to choose lies on the server of the installation.',
  },
  language: {
    organisation: 'Language of the organisation',
    organisationHint: 'For everybody who has not chosen one, and for mails.',
    automatic: 'As each browser asks',
    mine: 'My language',
    mineHint: 'Only on this screen. The page opens again in the new language.',
    mineAutomatic: 'As the organisation',
    sound: 'Sound of alerts on this screen',
    soundTest: 'Let me hear it',
    soundBlocked: 'The browser keeps this page silent. Press the button to allow sound.',
    soundQuiet: 'Only critical alerts ring',
    soundQuietHint: 'High alerts then show up without a sound.',
  },
};
