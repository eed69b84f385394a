export * from './pipeline.ts';
export { createSqlNotificationStores } from './sql-stores.ts';
export type { MailServer } from './deliver/send-mail.ts';
export { DEFAULT_NOTIFICATION_SETTINGS, type NotificationSettings } from './settings.ts';
