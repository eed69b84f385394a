/** Deleting a place, with its way back: it is made again as it was, and its own rules name it again. */
import type { FenceReply, RuleReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { createFence, deleteFence } from '../../api/places.ts';
import { updateRule } from '../../api/rules.ts';
import { isGone } from '../../forms/refusal.ts';
import { dropFence, putFence } from '../../hooks/use-fences.ts';
import { messages } from '../../messages/messages.ts';
import { UNDO_STAY_MS } from '../../ui/toast-queue.ts';
import { showToast } from '../../ui/toasts.tsx';

const text = messages.places;

/** Deletes a place and offers Undo. */
export function useRemovePlace() {
  const client = useQueryClient();

  async function restore(fence: FenceReply, naming: readonly RuleReply[]): Promise<void> {
    const { name, geometry, groupIds } = fence;
    try {
      const made = await createFence({ name, geometry: { ...geometry }, groupIds });
      putFence(client, made);
      for (const rule of naming) await nameAgain(rule, fence.id, made.id);
      showToast({ kind: 'ok', title: text.restored(name) });
    } catch {
      showToast({ kind: 'critical', title: text.restoreFailed(name) });
    } finally {
      void client.invalidateQueries({ queryKey: ['rules'] });
    }
  }

  return async (fence: FenceReply, naming: readonly RuleReply[]): Promise<boolean> => {
    try {
      await deleteFence(fence.id);
    } catch (error) {
      if (!isGone(error)) {
        showToast({ kind: 'critical', title: text.notRemoved(fence.name) });
        return false;
      }
    }
    dropFence(client, fence.id);
    showToast({
      kind: 'ok',
      title: text.removed(fence.name),
      action: { label: messages.forms.undo, onPress: () => void restore(fence, naming) },
      stayMs: UNDO_STAY_MS,
    });
    return true;
  };
}

async function nameAgain(rule: RuleReply, oldId: number, newId: number): Promise<void> {
  const { trigger } = rule;
  if (trigger.kind !== 'fence' || trigger.fenceIds === null) return;
  const fenceIds = trigger.fenceIds.map((id) => (id === oldId ? newId : id));
  await updateRule(rule.id, { trigger: { ...trigger, fenceIds } });
}
