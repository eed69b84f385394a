/** The notification service: what happened becomes alerts, and alerts reach people. */
export {};
