export const live = {
  /** An alert in a word or two, beside a mark and in a row. */
  alertWords: {
    silent: 'Silent',
    place: 'Place',
    transition: { enter: 'Entered', exit: 'Left its area' },
  },
};
