import type { RuleReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { updateRule } from '../../api/rules.ts';
import { refusalWords } from '../../forms/refusal.ts';
import { putInList } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { Link, navigate } from '../../shell/route.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import { MenuButton, MenuItem } from '../../ui/menu.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { Switch } from '../../ui/switch.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { ruleConditions, type RuleNames, ruleSentence } from './rule-sentence.ts';
import { useRemoveRule } from './use-remove-rule.ts';
import styles from './rules.module.css';

const text = messages.rules;

interface Props {
  readonly rule: RuleReply;
  readonly names: RuleNames;
  readonly mayManage: boolean;
}

/** One rule: how loud, its name, what it says, and whether it is on. */
export function RuleRow({ rule, names, mayManage }: Props) {
  const { id, name, severity, enabled } = rule;
  return (
    <li className={styles['row']} data-off={!enabled}>
      <SeverityGlyph severity={severity} label={text.severities[severity]} />
      <div className={styles['words']}>
        <p className={styles['name']}>
          {mayManage ? (
            <Link href={`/rules/${id}`} className={styles['open']}>
              <bdi>{name}</bdi>
            </Link>
          ) : (
            <bdi>{name}</bdi>
          )}
          {!enabled && <Badge>{text.off}</Badge>}
        </p>
        <p className={styles['sentence']}>{ruleSentence(rule, names, messages)}</p>
        {ruleConditions(rule, names, messages).map((condition) => (
          <p key={condition} className={styles['detail']}>
            {condition}
          </p>
        ))}
      </div>
      {mayManage && <Controls rule={rule} />}
    </li>
  );
}

function Controls({ rule }: { readonly rule: RuleReply }) {
  const client = useQueryClient();
  const remove = useRemoveRule();
  const label = text.actionsOf(rule.name);

  async function turn(enabled: boolean): Promise<void> {
    // at once; the server's word follows
    putInList(client, 'rules', { ...rule, enabled });
    try {
      putInList(client, 'rules', await updateRule(rule.id, { enabled }));
    } catch (error) {
      putInList(client, 'rules', rule);
      const why = refusalWords(error, messages.forms.failed);
      showToast({ kind: 'critical', title: messages.forms.notChanged, text: why });
      void client.invalidateQueries({ queryKey: ['rules'] });
    }
  }

  return (
    <div className={styles['controls']}>
      <Switch
        isSelected={rule.enabled}
        onChange={(enabled) => void turn(enabled)}
        aria-label={text.enabled(rule.name)}
        className={styles['switch']}
      >
        {null}
      </Switch>
      <MenuButton
        label={label}
        placement="bottom end"
        trigger={
          <IconButton label={label}>
            <MoreHorizontal size={18} aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem
          icon={<Pencil size={16} aria-hidden="true" />}
          onAction={() => navigate(`/rules/${rule.id}`)}
        >
          {messages.forms.edit}
        </MenuItem>
        <MenuItem
          icon={<Trash2 size={16} aria-hidden="true" />}
          isDestructive
          onAction={() => void remove(rule)}
        >
          {messages.forms.remove}
        </MenuItem>
      </MenuButton>
    </div>
  );
}
