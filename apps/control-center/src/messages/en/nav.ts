/** Sentences of the ways between the parts of the product. */
export const nav = {
  sections: 'Sections',
  live: 'Live',
  keys: 'Keys',
  map: 'Map',
  list: 'List',
  table: 'Table',
  view: 'Show as',
};
