/**
 * The query builder on one connection that is inside a transaction already. Statements are sent one after
 * the other, so operations may be awaited together; it can neither begin nor end a transaction, since that
 * is the business of the door alone.
 */
import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { QueryResult as PgResult } from 'pg';

/** Sends one statement; rejects when the server refuses it or does not answer in time. */
export type SendStatement = (text: string, values: readonly unknown[]) => Promise<PgResult>;

const CHANGING: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

function createConnection(send: SendStatement): DatabaseConnection {
  let last: Promise<unknown> = Promise.resolve();
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const answer = last.then(() => send(sql, parameters));
      last = answer.catch(() => undefined);
      const { command, rowCount, rows } = await answer;
      if (!CHANGING.has(command)) return { rows };
      return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
    },
    streamQuery() {
      throw new Error('Rows are not streamed: page by cursor or use the connection of the scope');
    },
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('The door begins and ends the transaction, not the operation'));
}

/** A dialect whose every statement goes through `send`. */
export function createClientDialect(send: SendStatement): Dialect {
  const connection = createConnection(send);
  const nothing = (): Promise<void> => Promise.resolve();
  const driver: Driver = {
    init: nothing,
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: nothing,
    destroy: nothing,
  };
  return {
    createDriver: () => driver,
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}
