import type { RuleReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createRule, fetchRule, updateRule } from '../../api/rules.ts';
import { codeOf, refusalWords } from '../../forms/refusal.ts';
import { dropFromList, putInList } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { type RuleField, type RuleForm, toRuleBody } from './rule-form.ts';

/** What somebody else did to the rule meanwhile: it now says something else, or it is gone. */
export type Conflict =
  { readonly kind: 'changed'; readonly theirs: RuleReply } | { readonly kind: 'gone' };

/** How a save ended. */
export type Saved =
  { readonly kind: 'saved'; readonly rule: RuleReply } | { readonly kind: 'refused' };

/** The field that names something which is not there any more; null for other refusals. */
function goneField(code: string | null): RuleField | null {
  switch (code) {
    case 'FENCE_NOT_FOUND':
      return 'places';
    case 'GROUP_NOT_FOUND':
      return 'groups';
    case 'USER_NOT_FOUND':
      return 'recipients';
    case 'WEBHOOK_NOT_FOUND':
      return 'webhooks';
    case null:
    default:
      return null;
  }
}

/**
 * Saves a rule that was begun from `base` (null: a new one). When somebody else changed it meanwhile nothing
 * is overwritten: `conflict` says what they did, and saving again from their version is up to people.
 */
export function useSaveRule() {
  const client = useQueryClient();
  const [isSaving, setIsSaving] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [refused, setRefused] = useState<RuleField | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  async function explain(error: unknown, base: RuleReply | null): Promise<void> {
    const code = codeOf(error);
    if (code === 'RULE_CHANGED' && base !== null) {
      const theirs = await fetchRule(base.id);
      putInList(client, 'rules', theirs);
      return setConflict({ kind: 'changed', theirs });
    }
    if (code === 'RULE_NOT_FOUND' && base !== null) {
      dropFromList(client, 'rules', base.id);
      return setConflict({ kind: 'gone' });
    }
    const field = goneField(code);
    if (field === null) setFailure(refusalWords(error, messages.forms.failed));
    else setRefused(field);
  }

  async function save(form: RuleForm, name: string, base: RuleReply | null): Promise<Saved> {
    setIsSaving(true);
    setConflict(null);
    setRefused(null);
    setFailure(null);
    const body = toRuleBody(form, name);
    try {
      const rule =
        base === null
          ? await createRule(body)
          : await updateRule(base.id, { ...body, ifVersion: base.version });
      putInList(client, 'rules', rule);
      return { kind: 'saved', rule };
    } catch (error) {
      // asking for their version may fail as well
      await explain(error, base).catch((second: unknown) =>
        setFailure(refusalWords(second, messages.forms.failed)),
      );
      return { kind: 'refused' };
    } finally {
      setIsSaving(false);
    }
  }

  return {
    isSaving,
    conflict,
    refused,
    failure,
    save,
    settleConflict: () => setConflict(null),
    /** Something was changed: what was refused may be right now. */
    forget: () => {
      setRefused(null);
      setFailure(null);
    },
  };
}
