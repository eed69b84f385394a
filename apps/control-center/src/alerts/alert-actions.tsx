import type { AlertReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { actOnAlert, type AlertDeed, assignAlert, commentOnAlert } from '../api/alerts.ts';
import { ApiError } from '../api/client.ts';
import { messages } from '../messages/messages.ts';
import { useSession } from '../session/session-context.ts';
import { showToast } from '../ui/toasts.tsx';
import { alertTitle } from './alert-words.tsx';
import { isUnanswered } from './alert-order.ts';
import type { AlertStore } from './alert-store.ts';
import { useAlertStore } from './alerts-context.ts';
import { AssignDialog } from './assign-dialog.tsx';
import { type BusyAlerts, changeBusy } from './busy-alerts.ts';
import { CloseAlertDialog } from './close-alert-dialog.tsx';

const text = messages.alerts;

/** What people do with an alert, the same wherever it stands. Nothing of it rejects: failures are told. */
export interface AlertActions {
  acknowledge(alert: AlertReply): Promise<void>;
  reopen(alert: AlertReply): Promise<void>;
  /** Asks for a comment, then closes. */
  askClose(alert: AlertReply): void;
  /** Asks to whom, then assigns. */
  askAssign(alert: AlertReply): void;
  /** Answers whether it was added. */
  comment(alert: AlertReply, comment: string): Promise<boolean>;
  /** The alerts something is being done with. */
  readonly busyIds: BusyAlerts;
}

const ActionsContext = createContext<AlertActions | null>(null);

/** @throws Error outside of a session. */
export function useAlertActions(): AlertActions {
  const actions = useContext(ActionsContext);
  if (actions === null)
    throw new Error('useAlertActions is called outside of AlertActionsProvider');
  return actions;
}

/** Why it did not work, in words. */
function failureWords(error: unknown): string {
  if (!(error instanceof ApiError)) return messages.forms.failed.broken;
  if (error.code === 'ALERT_STATE') return text.somebodyFirst;
  if (error.code === 'ALERT_NOT_FOUND') return text.gone;
  if (error.code === 'ASSIGNEE_CANNOT_SEE') return text.cannotSee;
  if (error.status === 403) return text.denied;
  return error.status === 0 ? text.unreachable : messages.forms.failed.broken;
}

interface Deed {
  readonly alert: AlertReply;
  readonly send: () => Promise<AlertReply>;
  /** What to say when it worked. */
  readonly done: string;
  readonly undo?: () => void;
}

/** Does one thing with an alert and tells how it went. Answers whether it worked. */
async function perform(store: AlertStore, { alert, send, done, undo }: Deed): Promise<boolean> {
  const about = `alert ${alert.id}`;
  try {
    store.receive(await send());
  } catch (error) {
    showToast({ kind: 'warning', title: text.failed, text: failureWords(error), about });
    return false;
  }
  const action = undo === undefined ? undefined : { label: text.undo, onPress: undo };
  showToast({ kind: 'ok', title: done, text: alertTitle(alert), action, about });
  return true;
}

interface DeedDeps {
  readonly store: AlertStore;
  /** Who does it. */
  readonly userId: number;
  /** Begins with true, ends with false. */
  readonly onBusy: (alertId: number, isBusy: boolean) => void;
  readonly onDone: () => void;
}

/** The deeds, each of which marks its alert as busy. */
function createDeeds({ store, userId, onBusy, onDone }: DeedDeps) {
  async function run(deed: Deed): Promise<boolean> {
    onBusy(deed.alert.id, true);
    const worked = await perform(store, deed);
    onBusy(deed.alert.id, false);
    onDone();
    return worked;
  }
  function act(alert: AlertReply, deed: AlertDeed, comment?: string): Promise<boolean> {
    const send = () => actOnAlert(alert.id, deed, comment);
    const undo = () => void act(alert, 'reopen');
    if (deed === 'reopen') return run({ alert, send, done: text.reopened });
    return run({ alert, send, done: deed === 'close' ? text.closed : text.acknowledged, undo });
  }
  async function assign(alert: AlertReply, person: { id: number; name: string } | null) {
    const send = async (): Promise<AlertReply> => {
      // who takes it has answered it: the ringing stops
      const isTaken = person?.id === userId && isUnanswered(alert);
      if (isTaken) await actOnAlert(alert.id, 'acknowledge');
      return assignAlert(alert.id, person?.id ?? null);
    };
    const done = person === null ? text.unassigned : text.assignedTo(person.name);
    return run({ alert, send, done });
  }
  return {
    act,
    assign,
    comment: (alert: AlertReply, comment: string) =>
      run({ alert, send: () => commentOnAlert(alert.id, comment), done: text.commented }),
  };
}

/** Hands the actions down, and holds the two dialogs they need. */
export function AlertActionsProvider({ children }: { readonly children: ReactNode }) {
  const store = useAlertStore();
  const { user } = useSession();
  const queryClient = useQueryClient();
  const [busyIds, setBusyIds] = useState<BusyAlerts>([]);
  const [assigning, setAssigning] = useState<AlertReply | null>(null);
  const [closing, setClosing] = useState<AlertReply | null>(null);
  const deeds = useMemo(() => {
    const onDone = (): void => {
      // its history and the list of closed ones have grown
      void queryClient.invalidateQueries({ queryKey: ['alert'] });
      void queryClient.invalidateQueries({ queryKey: ['alerts'] });
    };
    const onBusy = (alertId: number, isBusy: boolean): void =>
      setBusyIds((busy) => changeBusy(busy, alertId, isBusy));
    return createDeeds({ store, userId: user.id, onBusy, onDone });
  }, [store, user.id, queryClient]);
  const actions = useMemo(
    (): AlertActions => ({
      acknowledge: async (alert) => void (await deeds.act(alert, 'acknowledge')),
      reopen: async (alert) => void (await deeds.act(alert, 'reopen')),
      askClose: setClosing,
      askAssign: setAssigning,
      comment: deeds.comment,
      busyIds,
    }),
    [deeds, busyIds],
  );
  return (
    <ActionsContext value={actions}>
      {children}
      <AssignDialog
        alert={assigning}
        onAssign={(alert, person) => void deeds.assign(alert, person)}
        onDone={() => setAssigning(null)}
      />
      <CloseAlertDialog
        alert={closing}
        onCloseAlert={(alert, comment) => void deeds.act(alert, 'close', comment)}
        onDone={() => setClosing(null)}
      />
    </ActionsContext>
  );
}
