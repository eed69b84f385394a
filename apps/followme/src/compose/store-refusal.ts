/** What the driver of the database says when it cannot come in, as one sentence for people. */
import { failureCode, isRetryableFailure } from '@followme/store';
import { EXIT, Refusal, type ExitCode } from '../exit-code.ts';

type Words = (address: Address) => readonly [exitCode: ExitCode, sentence: string];

/** The parts of a store's URL that may be told: never the password. */
interface Address {
  readonly where: string;
  readonly login: string;
  readonly database: string;
}

/** SQLSTATE or errno → what it means here. */
const MEANINGS: Readonly<Record<string, Words>> = {
  ENOTFOUND: ({ where }) => [EXIT.unavailable, `There is no host of the name in ${where}`],
  ECONNREFUSED: ({ where }) => [EXIT.unavailable, `Nothing listens at ${where}`],
  '28P01': ({ login }) => [EXIT.notAllowed, `The database refuses the password of "${login}"`],
  '28000': ({ login }) => [EXIT.notAllowed, `The database does not let "${login}" in from here`],
  '42501': ({ login }) => [EXIT.notAllowed, `The login "${login}" lacks a right it needs`],
  '3D000': ({ database }) => [EXIT.usage, `There is no database "${database}"`],
};

/**
 * The refusal a failed first contact with the database becomes; an error that says itself what is wrong stays as
 * it is.
 */
export function storeRefusal(error: unknown, url: string): unknown {
  if (error instanceof Refusal) return error;
  const address = addressOf(url);
  const [exitCode, sentence] = meaningOf(error)?.(address) ?? [];
  if (exitCode === undefined || sentence === undefined) return error;
  const advice = `look at --store, which leads to "${address.database}" at ${address.where}.`;
  return new Refusal(exitCode, `${sentence}: ${advice}`, { cause: error });
}

function meaningOf(error: unknown): Words | undefined {
  const code = failureCode(error);
  const known = code === undefined ? undefined : MEANINGS[code];
  if (known !== undefined) return known;
  if (!isRetryableFailure(error) && !isTimeout(error)) return undefined;
  return ({ where }) => [EXIT.unavailable, `The database at ${where} does not answer`];
}

/** The driver's words for a connection that was not made in time; it gives no code. */
const isTimeout = (error: unknown): boolean =>
  error instanceof Error && /^(?:timeout expired|Connection terminated)/.test(error.message);

function addressOf(text: string): Address {
  const url = new URL(text);
  return {
    where: `${url.hostname === '' ? 'localhost' : url.hostname}:${url.port === '' ? '5432' : url.port}`,
    login: decodeURIComponent(url.username),
    database: decodeURIComponent(url.pathname.slice(1)),
  };
}
