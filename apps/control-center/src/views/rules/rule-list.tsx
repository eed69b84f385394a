import type { RuleReply } from '@followme/contracts';
import { BatteryLow, LogOut, PencilRuler, Plus, SearchX, WifiOff } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ListState } from '../../forms/list-state.tsx';
import { useRules } from '../../hooks/use-lists.ts';
import { foldText } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { Link, navigate } from '../../shell/route.ts';
import { sortByName } from '../../tables/sort-by-name.ts';
import { Button } from '../../ui/button.tsx';
import { MenuButton, MenuItem } from '../../ui/menu.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { RuleRow } from './rule-row.tsx';
import { ruleSentence } from './rule-sentence.ts';
import { useRuleNames } from './use-rule-names.ts';
import styles from './rules.module.css';

const text = messages.rules;

const TEMPLATES = [
  ['leaves', LogOut],
  ['battery', BatteryLow],
  ['silent', WifiOff],
  ['own', PencilRuler],
] as const;

function begin(template: string): void {
  navigate(`/rules/new?template=${template}`);
}

/** Every rule, readable as a sentence. */
export function RuleList() {
  const mayManage = useCan('manage');
  const rules = useRules();
  const all = rules.data ?? [];
  return (
    <Page
      title={text.title}
      description={text.intro}
      {...(mayManage && all.length > 0 ? { actions: <AddButton /> } : {})}
    >
      <ListState of={[rules]} label={text.loading}>
        {() => (
          <>
            <SosCard />
            {all.length === 0 ? <Empty /> : <Found rules={all} />}
          </>
        )}
      </ListState>
    </Page>
  );
}

function AddButton() {
  return (
    <MenuButton
      label={text.startFrom}
      placement="bottom end"
      trigger={
        <Button kind="primary">
          <Plus size={16} aria-hidden="true" />
          {text.add}
        </Button>
      }
    >
      {TEMPLATES.map(([template, Icon]) => (
        <MenuItem
          key={template}
          icon={<Icon size={16} aria-hidden="true" />}
          detail={text.templates[template].text}
          onAction={() => begin(template)}
        >
          {text.templates[template].title}
        </MenuItem>
      ))}
    </MenuButton>
  );
}

/** The one thing that needs no rule. */
function SosCard() {
  const mayManage = useCan('manage');
  return (
    <section className={styles['sos']} aria-label={text.sosTitle}>
      <SeverityGlyph severity="critical" />
      <div className={styles['words']}>
        <h2 className={styles['name']}>{text.sosTitle}</h2>
        <p className={styles['sentence']}>{text.sosText}</p>
      </div>
      {mayManage && <Button onPress={() => begin('sos')}>{text.sosRule}</Button>}
    </section>
  );
}

function Empty() {
  const mayManage = useCan('manage');
  return (
    <section className={styles['empty']}>
      <h2 className={styles['emptyTitle']}>{text.emptyTitle}</h2>
      <p className={styles['sentence']}>{mayManage ? text.emptyText : text.emptyOperator}</p>
      {mayManage && (
        <ul className={styles['templates']}>
          {TEMPLATES.map(([template, Icon]) => (
            <li key={template}>
              <Link href={`/rules/new?template=${template}`} className={styles['template']}>
                <Icon size={20} aria-hidden="true" />
                <span>
                  <strong>{text.templates[template].title}</strong>
                  <span className={styles['detail']}>{text.templates[template].text}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Fewer than this are seen at a glance. */
const SEARCH_FROM = 8;

function Found({ rules }: { readonly rules: readonly RuleReply[] }) {
  const mayManage = useCan('manage');
  const names = useRuleNames();
  const [search, setSearch] = useState('');
  const rows = useMemo(() => {
    const wanted = foldText(search.trim());
    const found = rules.filter((rule) =>
      foldText(`${rule.name}\n${ruleSentence(rule, names, messages)}`).includes(wanted),
    );
    return sortByName(found, messages.locale);
  }, [rules, names, search]);
  return (
    <>
      {rules.length >= SEARCH_FROM && (
        <SearchField
          label={text.search}
          value={search}
          onChange={setSearch}
          className={styles['search']}
        />
      )}
      {rows.length === 0 ? (
        <StateMessage icon={SearchX} title={text.noneMatchTitle} text={text.noneMatchText}>
          <Button onPress={() => setSearch('')}>{messages.forms.showAll}</Button>
        </StateMessage>
      ) : (
        <ul className={styles['list']}>
          {rows.map((rule) => (
            <RuleRow key={rule.id} rule={rule} names={names} mayManage={mayManage} />
          ))}
        </ul>
      )}
      {!mayManage && <p className={styles['detail']}>{messages.forms.readOnlyHint}</p>}
    </>
  );
}
