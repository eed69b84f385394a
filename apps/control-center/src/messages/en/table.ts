/** Sentences of the table that shows the same as the map. */
export const table = {
  label: 'Trackers as a table',
  name: 'Name',
  state: 'State',
  speed: 'Speed',
  heading: 'Heading',
  battery: 'Battery',
  satellites: 'Satellites',
  heard: 'Last heard',
  near: 'Near',
  coordinates: 'Coordinates',
};
