/** Sentences of the street map under the live map. */
export const street = {
  failedTitle: 'The street map did not load.',
  failedText: 'The built-in map is shown. Positions are right.',
  tryAgain: 'Try again',
  hide: 'Hide this',
};
