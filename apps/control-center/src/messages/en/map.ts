/** Sentences of the map and its tools. */
export const map = {
  label: 'Map of trackers. The table shows the same.',
  tools: 'Tools of the map',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Show all trackers',
  draw: 'Draw a place',
  attribution: 'Natural Earth, GeoNames',
  noWebglTitle: 'This browser cannot draw the map',
  noWebglText: 'WebGL is switched off or missing. The table below shows the same trackers, live.',
  failedText: 'The background of the map did not load. Positions are right.',
  placesFailed: 'The places did not load.',
  loading: 'Loading the map',
};
