import type { SessionReply } from '@followme/contracts';
import { createContext, useContext } from 'react';

/** Who is logged in, for everything below the log-in page. */
export const SessionContext = createContext<SessionReply | null>(null);

/** What a person may do, as far as the screen shows or hides it; the server decides again. */
export type Action =
  /** See what was sent to whom. */
  | 'seeDeliveries'
  /** Acknowledge, assign, comment on, close and reopen alerts. */
  | 'handleAlerts'
  /** Change people, groups, trackers, places, rules and settings. */
  | 'manage'
  /** Change what holds for the whole installation. */
  | 'provide';

type Role = SessionReply['user']['role'];

const ALLOWED: Readonly<Record<Exclude<Action, 'provide'>, ReadonlySet<Role>>> = {
  seeDeliveries: new Set<Role>(['administrator', 'operator']),
  handleAlerts: new Set<Role>(['administrator', 'operator']),
  manage: new Set<Role>(['administrator']),
};

/** Whether the person of a session may do something. */
export function can({ user, tenant }: SessionReply, action: Action): boolean {
  if (action === 'provide') return tenant.isProvider && user.role === 'administrator';
  return ALLOWED[action].has(user.role);
}

/** @throws Error outside of a session. */
export function useSession(): SessionReply {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession is called outside of SessionContext');
  return session;
}

/** Whether the one who is logged in may do something. */
export function useCan(action: Action): boolean {
  return can(useSession(), action);
}
