import type { login as en } from '../en/login.ts';

export const login: typeof en = {
  subtitle: 'Log in bij de meldkamer',
  email: 'E-mail',
  password: 'Wachtwoord',
  showPassword: 'Tekens tonen',
  hidePassword: 'Tekens verbergen',
  submit: 'Inloggen',
  busy: 'Bezig met inloggen',
  missingEmail: 'Vul je e-mailadres in.',
  missingPassword: 'Vul je wachtwoord in.',
  failed: 'E-mail en wachtwoord horen niet bij elkaar. Controleer beide en probeer het opnieuw.',
  tooMany: 'Te veel pogingen. Wacht een minuut en probeer het dan opnieuw.',
  unreachable: 'De server antwoordt niet. Controleer je verbinding en probeer het opnieuw.',
  overloaded: 'Er loggen nu veel mensen in. Probeer het over een paar seconden opnieuw.',
  nobodyHereTitle: 'Hier is nog niets',
  nobodyHereText: (host) =>
    `Geen organisatie gebruikt het adres ${host}. Controleer het adres, of vraag wie het je gaf.`,
  tryAgain: 'Opnieuw proberen',
  language: 'Taal',
  refused: 'De server kon je niet inloggen. Probeer het zo nog eens.',
  expired: 'Je sessie is verlopen. Log in om verder te gaan.',
  loggedOut: 'Je bent uitgelogd.',
};
