import type { RuleReply } from '@followme/contracts';
import { type FormEvent, useState } from 'react';
import { useFirstError } from '../../forms/use-first-error.ts';
import { useKeptDraft } from '../../forms/use-kept-draft.ts';
import { useIsHere } from '../../hooks/use-is-here.ts';
import { messages } from '../../messages/messages.ts';
import { navigate } from '../../shell/route.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { nameError } from '../../forms/check-name.ts';
import {
  type KeptRule,
  readKeptRule,
  type RuleForm,
  ruleContent,
  ruleFaults,
  toRuleForm,
} from './rule-form.ts';
import {
  ruleConditions,
  type RuleContent,
  ruleSentence,
  suggestName,
  withoutIsolates,
} from './rule-sentence.ts';
import { LoudFields } from './loud-fields.tsx';
import { TellFields } from './tell-fields.tsx';
import { WhenFields } from './when-fields.tsx';
import { WhoFields } from './who-fields.tsx';
import { useRuleNames } from './use-rule-names.ts';
import { type Conflict, useSaveRule } from './use-save-rule.ts';
import type { FieldErrors, RuleFieldsProps } from './rule-fields.ts';
import form from '../../forms/form.module.css';
import styles from './rules.module.css';

const text = messages.rules;

interface Props {
  /** What a draft of it is kept under. */
  readonly name: string;
  /** The rule it began from; null makes a new one. What others do to it meanwhile does not touch the fields. */
  readonly base: RuleReply | null;
  readonly start: RuleForm;
}

interface FaultsInput {
  readonly filled: RuleForm;
  /** As it will be saved. */
  readonly name: string;
  readonly saving: ReturnType<typeof useSaveRule>;
}

/** What is wrong, in words, from when somebody tried to save. */
function useFaults({ filled, name, saving }: FaultsInput) {
  const [isTold, setIsTold] = useState(false);
  const faults = ruleFaults(filled, name);
  const errors: FieldErrors = (field) => {
    if (saving.refused === field) return text.errors.gone;
    const fault = isTold ? faults[field] : undefined;
    return fault === undefined || fault === 'name' ? undefined : text.errors[fault];
  };
  return {
    errors,
    nameFault:
      isTold && faults.name !== undefined ? nameError(name, messages.forms.nameError) : undefined,
    isFaultless: Object.keys(faults).length === 0,
    tell: () => setIsTold(true),
  };
}

/** What is filled in, saving it, and going back, unless people have gone on by themselves. */
function useRuleEditor(props: Props) {
  const { draft, setDraft, forget } = useKeptDraft<KeptRule>({
    name: props.name,
    start: { base: props.base, form: props.start },
    read: (kept) => readKeptRule(kept, props.base?.id ?? null),
  });
  const { base, form: filled } = draft;
  const names = useRuleNames();
  const saving = useSaveRule();
  const isHere = useIsHere();
  const { formRef, showFirstError } = useFirstError<HTMLFormElement>();
  const content = ruleContent(filled);
  const suggestion = withoutIsolates(suggestName(content, names, messages));
  const name = filled.name === '' ? suggestion : filled.name;
  const { errors, nameFault, isFaultless, tell } = useFaults({ filled, name, saving });

  async function save(from: RuleReply | null): Promise<void> {
    const outcome = await saving.save(filled, name, from);
    if (outcome.kind === 'refused') {
      if (isHere()) return showFirstError();
      return void showToast({ kind: 'warning', title: messages.forms.notSaved(name) });
    }
    forget();
    const title = (from === null ? text.made : text.saved)(outcome.rule.name);
    showToast({ kind: 'ok', title });
    if (isHere()) navigate('/rules');
  }

  return {
    formRef,
    names,
    base,
    filled,
    content,
    suggestion,
    saving,
    errors,
    nameFault,
    change(part: Partial<RuleForm>): void {
      setDraft((now) => ({ ...now, form: { ...now.form, ...part } }));
      saving.forget();
    },
    submit(event: FormEvent): void {
      event.preventDefault();
      // a rule that somebody deleted is made anew
      const from = saving.conflict?.kind === 'gone' ? null : base;
      if (isFaultless) return void save(from);
      tell();
      showFirstError();
    },
    cancel(): void {
      forget();
      navigate('/rules');
    },
    keepMine(theirs: RuleReply): void {
      setDraft((now) => ({ ...now, base: theirs }));
      void save(theirs);
    },
    takeTheirs(theirs: RuleReply): void {
      setDraft({ base: theirs, form: toRuleForm(theirs) });
      saving.settleConflict();
    },
  };
}

/** When, who, how loud, tell; and beside it the same in words. */
export function RuleEditor(props: Props) {
  const { formRef, names, base, filled, saving, errors, ...editor } = useRuleEditor(props);
  return (
    <form ref={formRef} noValidate className={styles['editor']} onSubmit={editor.submit}>
      <div className={form['form']}>
        {saving.conflict !== null && (
          <ConflictBanner
            conflict={saving.conflict}
            words={(rule) => ruleSentence(rule, names, messages)}
            onKeep={editor.keepMine}
            onTake={editor.takeTheirs}
          />
        )}
        <Parts form={filled} onChange={editor.change} errors={errors} />
      </div>
      <aside className={styles['side']}>
        <InWords
          content={editor.content}
          name={filled.name}
          suggestion={editor.suggestion}
          onName={(name) => editor.change({ name })}
          nameFault={editor.nameFault}
          failure={saving.failure}
          isSaving={saving.isSaving}
          isNew={base === null}
          onCancel={editor.cancel}
        />
      </aside>
    </form>
  );
}

function Parts(fields: RuleFieldsProps) {
  return (
    <>
      <Card title={text.when}>
        <WhenFields {...fields} />
      </Card>
      <Card title={text.who}>
        <WhoFields {...fields} />
      </Card>
      <Card title={text.howLoud}>
        <LoudFields {...fields} />
      </Card>
      <Card title={text.tell}>
        <TellFields {...fields} />
      </Card>
    </>
  );
}

interface InWordsProps {
  readonly content: RuleContent;
  readonly name: string;
  readonly suggestion: string;
  readonly onName: (name: string) => void;
  readonly nameFault: string | undefined;
  readonly failure: string | null;
  readonly isSaving: boolean;
  readonly isNew: boolean;
  readonly onCancel: () => void;
}

/** The rule as a sentence while it is filled in, its name, and the way to save it. */
function InWords(props: InWordsProps) {
  const { content, name, suggestion, onName, nameFault, failure, isSaving, isNew, onCancel } =
    props;
  const names = useRuleNames();
  return (
    <Card title={text.preview}>
      <div className={form['form']}>
        <div aria-live="polite">
          <p className={styles['preview']}>{ruleSentence(content, names, messages)}</p>
          {ruleConditions(content, names, messages).map((condition) => (
            <p key={condition} className={styles['sentence']}>
              {condition}
            </p>
          ))}
        </div>
        <TextField
          label={text.name}
          value={name}
          onChange={onName}
          placeholder={suggestion}
          description={text.nameHint}
          errorMessage={nameFault}
        />
        {failure !== null && <Banner kind="critical">{failure}</Banner>}
        <div className={form['actions']}>
          <Button onPress={onCancel}>{messages.forms.cancel}</Button>
          <Button kind="primary" type="submit" isPending={isSaving}>
            {isNew ? text.add : messages.forms.save}
          </Button>
        </div>
      </div>
    </Card>
  );
}

interface ConflictProps {
  readonly conflict: Conflict;
  readonly words: (rule: RuleReply) => string;
  readonly onKeep: (theirs: RuleReply) => void;
  readonly onTake: (theirs: RuleReply) => void;
}

/** Two people changed the same rule: shows theirs and asks which holds. Nothing that was filled in is lost. */
function ConflictBanner({ conflict, words, onKeep, onTake }: ConflictProps) {
  if (conflict.kind === 'gone') return <Banner kind="warning">{text.conflictGone}</Banner>;
  const { theirs } = conflict;
  return (
    <Banner
      kind="warning"
      title={`${text.conflictTitle}.`}
      action={
        <span className={styles['choices']}>
          <Button onPress={() => onTake(theirs)}>{text.takeTheirs}</Button>
          <Button onPress={() => onKeep(theirs)}>{text.keepMine}</Button>
        </span>
      }
    >
      {text.conflictText} {words(theirs)}
    </Banner>
  );
}
