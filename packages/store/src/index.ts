export * from './port.ts';
export * from './connect/open-store.ts';
export * from './connect/store-error.ts';
export {
  APP_ROLE,
  checkLogin,
  checkRoles,
  fitLoginSql,
  SYSTEM_ROLE,
} from './connect/login-check.ts';
export { failureCode, isRetryableFailure } from './connect/retryable.ts';
export { migrate, type MigrationReport } from './migrate/migrate.ts';
export { loadMigrations, MIGRATIONS_FOLDER, type Migration } from './migrate/load-migrations.ts';
