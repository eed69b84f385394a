/**
 * Text messages that tell a Meitrack device where to report, as the maker's list of commands has them:
 * A21 sets connection (1 is TCP), address, port and the access point of the mobile operator; A12 the interval
 * of reports in units of ten seconds.
 */

/** Stand-ins that people replace. */
export interface ApnWords {
  readonly apn: string;
  readonly user: string;
  readonly password: string;
}

/** Password of a device as it is sold. */
const FACTORY_PASSWORD = '0000';
const TCP = 1;
const INTERVAL_UNIT_S = 10;

/** The message that sets server and port. */
export function addressSms(host: string, port: number, words: ApnWords): string {
  const { apn, user, password } = words;
  return [FACTORY_PASSWORD, 'A21', TCP, host, port, apn, user, password].join(',');
}

/** The message that sets how often it reports; `intervalS` is rounded to ten seconds. */
export function intervalSms(intervalS: number): string {
  return [FACTORY_PASSWORD, 'A12', Math.round(intervalS / INTERVAL_UNIT_S)].join(',');
}

/** Whether a host name only means the machine that says it. */
export function isOwnMachine(host: string): boolean {
  const name = host.replace(/^\[|\]$/gu, '').toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    /^127(?:\.\d{1,3}){3}$/u.test(name)
  );
}
