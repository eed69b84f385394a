import { number } from './counting.ts';

/** Sentences that every form and list has in common. */
export const forms = {
  save: 'Save',
  cancel: 'Cancel',
  remove: 'Delete',
  edit: 'Edit',
  undo: 'Undo',
  copy: 'Copy',
  copied: 'Copied',
  more: 'More actions',
  tryAgain: 'Try again',
  name: 'Name',
  showAll: 'Show all',
  chosen: (n: number) => `${number(n)} chosen`,
  onlyChosen: 'Only what is chosen',
  kept: 'Your draft from before is here again.',
  /** Why a name cannot be one. */
  nameError: {
    blank: 'Enter a name.',
    tooLong: (max: number, now: number) =>
      `A name has at most ${number(max)} characters. This one has ${number(now)}.`,
    control: 'The name holds a character that cannot be shown. Type it again.',
  },
  /** Several errors at once, read aloud when a form is refused. */
  failed: {
    unreachable: 'The server does not answer. Nothing was lost here: try again.',
    denied: 'Your role does not allow this. An administrator can do it.',
    gone: 'It is not there any more. Somebody removed it meanwhile.',
    expired: 'Your session has ended. Log in again; what was not saved is lost.',
    busy: 'Too much at once. Wait a minute, then try again.',
    refused: 'The server refused this. Check what you entered.',
    broken: 'Something went wrong on the server. Try again in a moment.',
  },
  /** Of what was being saved while somebody went on. */
  notSaved: (name: string) => `${name} was not saved`,
  notChanged: 'It was not changed',
  notRemoved: 'It was not deleted',
  listFailedTitle: 'This did not load',
  listFailedText: 'The live view goes on. Nothing that was saved is lost.',
  noAccessTitle: 'This is for administrators',
  noAccessText: 'Ask an administrator of your organisation.',
  readOnlyHint: 'You can look. Administrators can change this.',
};
