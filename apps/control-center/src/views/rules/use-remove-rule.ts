import type { RuleReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { createRule, deleteRule } from '../../api/rules.ts';
import { isGone, refusalWords } from '../../forms/refusal.ts';
import { dropFromList, putInList } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { UNDO_STAY_MS } from '../../ui/toast-queue.ts';
import { showToast } from '../../ui/toasts.tsx';
import { withoutIdentity } from './rule-form.ts';

const text = messages.rules;

/** Deletes a rule at once and offers to bring it back: it is then made again, as it was. */
export function useRemoveRule(): (rule: RuleReply) => Promise<boolean> {
  const client = useQueryClient();

  async function restore(rule: RuleReply): Promise<void> {
    try {
      putInList(client, 'rules', await createRule(withoutIdentity(rule)));
      showToast({ kind: 'ok', title: text.restored(rule.name) });
    } catch (error) {
      const why = refusalWords(error, messages.forms.failed);
      showToast({ kind: 'critical', title: text.restoreFailed(rule.name), text: why });
    }
  }

  return async (rule) => {
    try {
      await deleteRule(rule.id);
    } catch (error) {
      // gone already is what was wanted
      if (!isGone(error)) {
        const why = refusalWords(error, messages.forms.failed);
        showToast({ kind: 'critical', title: messages.forms.notRemoved, text: why });
        return false;
      }
    }
    dropFromList(client, 'rules', rule.id);
    showToast({
      kind: 'ok',
      title: text.removed(rule.name),
      action: { label: messages.forms.undo, onPress: () => void restore(rule) },
      stayMs: UNDO_STAY_MS,
    });
    return true;
  };
}
