/** Sentences of the menu of the person who is logged in. */
export const account = {
  menu: 'Account and theme',
  logOut: 'Log out',
  theme: 'Theme',
  themeSystem: 'System',
  themeLight: 'Light',
  themeDark: 'Dark',
  contrast: 'Contrast',
  contrastSystem: 'System',
  contrastMore: 'High',
};
