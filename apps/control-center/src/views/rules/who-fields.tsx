import { ManyField } from '../../forms/many-field.tsx';
import { useGroups } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { RadioGroup } from '../../ui/radio-group.tsx';
import type { RuleFieldsProps } from './rule-fields.ts';
import form from '../../forms/form.module.css';

const text = messages.rules;

/** Which trackers it is about. */
export function WhoFields({ form: filled, onChange, errors }: RuleFieldsProps) {
  const groups = useGroups();
  return (
    <div className={form['form']}>
      <RadioGroup
        label={text.whichTrackers}
        items={[
          { id: 'all', label: text.everyone },
          { id: 'groups', label: text.someGroups },
        ]}
        value={filled.everyone ? 'all' : 'groups'}
        onChange={(id) => onChange({ everyone: id === 'all' })}
      />
      {!filled.everyone && (
        <ManyField
          label={text.groups}
          placeholder={text.addGroup}
          items={(groups.data ?? []).map(({ id, name, trackerIds }) => ({
            id,
            label: name,
            detail: messages.groups.trackerCount(trackerIds.length),
          }))}
          value={filled.groupIds}
          onChange={(groupIds) => onChange({ groupIds })}
          goneLabel={text.sentence.goneGroup}
          errorMessage={errors('groups')}
          description={
            groups.isSuccess && groups.data.length === 0 ? messages.groups.emptyTitle : undefined
          }
        />
      )}
    </div>
  );
}
