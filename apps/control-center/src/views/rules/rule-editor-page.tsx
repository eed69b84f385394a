import { BellOff } from 'lucide-react';
import { useState } from 'react';
import { ListState } from '../../forms/list-state.tsx';
import { useRules } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { Link } from '../../shell/route.ts';
import { Page } from '../../ui/page.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { RuleEditor } from './rule-editor.tsx';
import { newRuleForm, type RuleTemplate, toRuleForm } from './rule-form.ts';

const text = messages.rules;

interface NewProps {
  readonly template: RuleTemplate;
}

/** A rule that is being made. */
export function NewRule({ template }: NewProps) {
  return (
    <Page title={text.newTitle}>
      <RuleEditor name={`rule.new.${template}`} base={null} start={newRuleForm(template)} />
    </Page>
  );
}

interface EditProps {
  readonly ruleId: number;
}

/** A rule that is being changed. */
export function EditRule({ ruleId }: EditProps) {
  const rules = useRules();
  const found = rules.data?.find(({ id }) => id === ruleId);
  // who is at it stays at it when somebody else deletes it: saving asks
  const [begun, setBegun] = useState(found);
  if (begun === undefined && found !== undefined) setBegun(found);
  const rule = begun ?? found;
  return (
    <Page title={rule === undefined ? text.title : <bdi>{text.editTitle(rule.name)}</bdi>}>
      <ListState of={[rules]} label={text.loading}>
        {() =>
          rule === undefined ? (
            <StateMessage icon={BellOff} title={text.goneTitle} text={text.goneText}>
              <Link href="/rules">{text.back}</Link>
            </StateMessage>
          ) : (
            <RuleEditor name={`rule.${ruleId}`} base={rule} start={toRuleForm(rule)} />
          )
        }
      </ListState>
    </Page>
  );
}
