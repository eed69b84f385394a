import { NoAccess } from '../../forms/no-access.tsx';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { useQueryParam, useRoute } from '../../shell/route.ts';
import { EditRule, NewRule } from './rule-editor-page.tsx';
import { isRuleTemplate } from './rule-form.ts';
import { RuleList } from './rule-list.tsx';

/** The section of rules: all of them, one of them, or a new one. */
export function RulesPage() {
  const { id, isNew } = useRoute();
  const template = useQueryParam('template');
  const mayManage = useCan('manage');
  if (id === null && !isNew) return <RuleList />;
  if (!mayManage) return <NoAccess title={messages.rules.title} />;
  if (id !== null) return <EditRule key={id} ruleId={id} />;
  const start = isRuleTemplate(template) ? template : 'own';
  return <NewRule key={start} template={start} />;
}
