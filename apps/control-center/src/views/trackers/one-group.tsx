import type { GroupReply } from '@followme/contracts';
import { messages } from '../../messages/messages.ts';
import { MultiSelect } from '../../ui/multi-select.tsx';
import { Select } from '../../ui/select.tsx';

/** From here on people type instead of looking through a list. */
const SEARCH_FROM = 30;

interface Props {
  readonly groups: readonly GroupReply[];
  readonly value: GroupReply | null;
  readonly onChange: (group: GroupReply | null) => void;
  readonly description?: string | undefined;
}

/** One group of a few, or found by typing among many. */
export function OneGroup({ groups, value, onChange, description }: Props) {
  const items = groups.map(({ id, name, trackerIds }) => ({
    id: String(id),
    label: name,
    detail: messages.groups.trackerCount(trackerIds.length),
  }));
  const pick = (id: string | undefined): void =>
    onChange(groups.find((group) => String(group.id) === id) ?? null);
  const common = {
    label: messages.trackerPages.group,
    items,
    description,
    placeholder: messages.trackerPages.chooseGroup,
  };
  if (groups.length <= SEARCH_FROM) {
    return <Select {...common} value={value === null ? null : String(value.id)} onChange={pick} />;
  }
  return (
    <MultiSelect
      {...common}
      value={value === null ? [] : [String(value.id)]}
      onChange={(ids) => pick(ids.at(-1))}
    />
  );
}
