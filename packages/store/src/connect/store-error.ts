/** What the store refuses, with a code to decide by and one sentence for the person who has to act. */
export type StoreErrorCode =
  /** The address of the database cannot be read, or asks for what is not offered. */
  | 'BAD_ADDRESS'
  /** Nobody answers at the address, or the server is only starting. */
  | 'UNREACHABLE'
  /** The server does not let the login in: password, name, or its own rules. */
  | 'LOGIN_REFUSED'
  /** The server has no database of that name. */
  | 'NO_DATABASE'
  /** The server offers no encryption, or its certificate is not accepted. */
  | 'TLS_FAILED'
  /** The server is a standby, or set to read only. Passes by itself when a fail-over is under way. */
  | 'READ_ONLY'
  /** All connections of the server are taken. */
  | 'TOO_MANY_CONNECTIONS'
  /** The login is a superuser, may pass row-level security by, or lacks the roles of the two doors. */
  | 'UNFIT_LOGIN'
  /** The server is older than PostgreSQL 15. */
  | 'SERVER_TOO_OLD'
  /** The database was migrated by a newer release. */
  | 'MIGRATED_BY_NEWER_RELEASE'
  /** A migration that was applied is not the one this release holds. */
  | 'MIGRATION_CHANGED'
  /** A migration failed; the database is as it was before that one. */
  | 'MIGRATION_FAILED'
  /** The connection broke while COMMIT was under way: the transaction may or may not have happened. */
  | 'COMMIT_UNKNOWN'
  /** The transaction was rolled back by the server because an error inside it was swallowed. */
  | 'ROLLED_BACK'
  /** Another process works on the same data folder. */
  | 'FOLDER_IN_USE'
  /** The embedded server cannot run here or did not start. */
  | 'EMBEDDED_UNAVAILABLE';

/** An error of the store that a caller may tell from others by its `code`. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
