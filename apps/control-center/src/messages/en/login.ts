/** Sentences of the page where people log in. */
export const login = {
  subtitle: 'Log in to the control room',
  email: 'E-mail',
  password: 'Password',
  showPassword: 'Show characters',
  hidePassword: 'Hide characters',
  submit: 'Log in',
  busy: 'Logging in',
  missingEmail: 'Enter your e-mail address.',
  missingPassword: 'Enter your password.',
  failed: 'E-mail and password do not belong together. Check both and try again.',
  tooMany: 'Too many attempts. Wait a minute, then try again.',
  unreachable: 'The server does not answer. Check your connection and try again.',
  overloaded: 'Many people are logging in at the moment. Try again in a few seconds.',
  nobodyHereTitle: 'Nothing is here yet',
  nobodyHereText: (host: string) =>
    `No organisation uses the address ${host}. Check the address, or ask whoever gave it to you.`,
  tryAgain: 'Try again',
  language: 'Language',
  refused: 'The server could not log you in. Try again in a moment.',
  expired: 'Your session has ended. Log in to go on.',
  loggedOut: 'You are logged out.',
};
