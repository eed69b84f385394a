import { messages } from '../messages/messages.ts';
import { MultiSelect } from '../ui/multi-select.tsx';
import { PickMany, type Pickable } from './pick-many.tsx';

/** Up to here a combo box with chips is shorter; above, a list that only draws what is in sight. */
const MOST_IN_COMBO_BOX = 300;

interface Props {
  readonly label: string;
  readonly description?: string | undefined;
  readonly errorMessage?: string | undefined;
  /** What the field says while empty: "Add a place". */
  readonly placeholder: string;
  readonly items: readonly Pickable[];
  readonly value: readonly number[];
  readonly onChange: (ids: readonly number[]) => void;
  /** Name of a chosen thing that is not in the list any more. */
  readonly goneLabel: string;
}

/** Several of however many there are. */
export function ManyField(props: Props) {
  const { label, description, errorMessage, placeholder, value, onChange, goneLabel } = props;
  const known = new Set(props.items.map(({ id }) => id));
  const gone = value.filter((id) => !known.has(id)).map((id) => ({ id, label: goneLabel }));
  const items: readonly Pickable[] = [...gone, ...props.items];
  if (items.length > MOST_IN_COMBO_BOX) {
    return (
      <PickMany
        label={label}
        description={description}
        errorMessage={errorMessage}
        searchLabel={placeholder}
        items={items}
        value={new Set(value)}
        onChange={(ids) => onChange([...ids])}
        countOf={messages.forms.chosen}
      />
    );
  }
  return (
    <MultiSelect
      label={label}
      description={description}
      errorMessage={errorMessage}
      placeholder={placeholder}
      items={items.map((item) => ({ ...item, id: String(item.id) }))}
      value={value.map(String)}
      onChange={(ids) => onChange(ids.map(Number))}
    />
  );
}
