/** Sentences of the page where people log in. */
export const login = {
  title: 'Follow Me',
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
  refused: 'The server could not log you in. Try again in a moment.',
  expired: 'Your session has ended. Log in to go on.',
  loggedOut: 'You are logged out.',
};
