/** Sentences of the keys of the keyboard. */
export const keys = {
  title: 'Keys',
  close: 'Close',
  list: [
    ['T', 'Map or table'],
    ['/', 'Filter the list'],
    ['↑ ↓', 'Move through the list, Home and End to its ends'],
    ['Enter', 'Open'],
    ['Esc', 'Back'],
    ['+ −', 'Zoom the map'],
    ['F6', 'Next region'],
    ['?', 'All keys'],
  ] satisfies readonly (readonly [key: string, does: string])[],
};
