import type { account as en } from '../en/account.ts';

export const account: typeof en = {
  menu: 'Account en weergave',
  logOut: 'Uitloggen',
  theme: 'Weergave',
  themeSystem: 'Systeem',
  themeLight: 'Licht',
  themeDark: 'Donker',
  contrast: 'Contrast',
  contrastSystem: 'Systeem',
  contrastMore: 'Hoog',
};
