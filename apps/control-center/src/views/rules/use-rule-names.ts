import { useMemo } from 'react';
import { useFences } from '../../hooks/use-fences.ts';
import { useColleagues, useGroups, usePeople, useWebhooks } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { isolate, type RuleNames } from './rule-sentence.ts';

const parts = messages.rules.sentence;

type Names = (id: number) => string | null;

/** Finds names in a list; `unknown` is said of what is not in it, null that it is gone. */
function finder(
  list: readonly { readonly id: number; readonly name: string }[] | undefined,
  unknown: string | null,
): Names {
  const names = new Map((list ?? []).map(({ id, name }) => [id, isolate(name)]));
  // while a list is on its way nobody knows that something is gone
  return (id) => names.get(id) ?? (list === undefined ? parts.nothingChosen : unknown);
}

/** The names behind the ids of rules. Who is no administrator does not see everything that a rule names. */
export function useRuleNames(): RuleNames {
  const mayManage = useCan('manage');
  const groups = useGroups().data;
  const fences = useFences().data;
  const people = usePeople(mayManage).data;
  const colleagues = useColleagues().data;
  const webhooks = useWebhooks(mayManage).data;
  return useMemo(
    () => ({
      group: finder(groups, mayManage ? null : parts.otherGroup),
      place: finder(fences, null),
      person: mayManage ? finder(people, null) : finder(colleagues, parts.otherPerson),
      webhook: mayManage ? finder(webhooks, null) : () => parts.otherWebhook,
    }),
    [groups, fences, people, colleagues, webhooks, mayManage],
  );
}
