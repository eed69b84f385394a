import { Search } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import {
  Autocomplete,
  Collection,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  Text,
} from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import { Kbd } from '../ui/kbd.tsx';
import { Keys } from './keys.tsx';
import { type PaletteItem, usePaletteIndex, useWithActions } from './palette-index.tsx';
import { type FoundGroup, searchPalette } from './palette-search.ts';
import styles from './palette.module.css';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const text = messages.commands;

/** Find anything, do anything: results by kind, and what can be done with the first of them. */
export function Palette({ isOpen, onClose }: Props) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable
      className={styles['veil'] ?? ''}
    >
      <Modal className={styles['modal'] ?? ''}>
        <Dialog aria-label={text.paletteTitle} className={styles['dialog'] ?? ''}>
          <Content onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Exists only while the palette is open: what was typed is gone the next time. */
function Content({ onClose }: Pick<Props, 'onClose'>) {
  const [typed, setTyped] = useState('');
  // typing stays quick while a hundred thousand names are looked through
  const asked = useDeferredValue(typed);
  const index = usePaletteIndex();
  const withActions = useWithActions();
  const results = useMemo(() => searchPalette(index, asked), [index, asked]);
  const found = withActions(results);

  function choose(key: string): void {
    const items = found.flatMap((group) => group.items);
    const item = items.find((each) => keyOf(each) === key);
    if (item === undefined) return;
    onClose();
    item.run();
  }

  return (
    <Autocomplete inputValue={typed} onInputChange={setTyped}>
      <SearchField aria-label={text.palette} autoFocus className={styles['field'] ?? ''}>
        <Search size={18} aria-hidden="true" />
        <Input dir="auto" placeholder={text.palette} className={styles['input'] ?? ''} />
        <Kbd>{text.keyNames.Escape}</Kbd>
      </SearchField>
      <Menu
        aria-label={text.paletteTitle}
        className={styles['results'] ?? ''}
        onAction={(key) => choose(String(key))}
        renderEmptyState={Nothing}
      >
        {found.map((group) => (
          <Group key={group.group} {...group} />
        ))}
      </Menu>
    </Autocomplete>
  );
}

function keyOf({ group, id }: PaletteItem): string {
  return `${group}:${id}`;
}

function Group({ group, items, total }: FoundGroup<PaletteItem>) {
  return (
    <MenuSection id={group} className={styles['group'] ?? ''}>
      <Header className={styles['heading'] ?? ''}>
        {text.groups[group]}
        {total > items.length && (
          <span className={styles['more']}>{text.more(items.length, total)}</span>
        )}
      </Header>
      <Collection items={items.map((item) => ({ ...item, key: keyOf(item) }))}>
        {(item) => <Result item={item} />}
      </Collection>
    </MenuSection>
  );
}

function Result({ item }: { readonly item: PaletteItem }) {
  const { name, detail, icon, keys, group } = item;
  return (
    <MenuItem id={keyOf(item)} textValue={name} className={styles['item'] ?? ''}>
      <span className={styles['icon']}>{icon}</span>
      <Text slot="label" className={styles['name'] ?? ''}>
        <bdi>{name}</bdi>
      </Text>
      {detail !== undefined && (
        <Text slot="description" className={styles['detail'] ?? ''}>
          <bdi>{detail}</bdi>
        </Text>
      )}
      <span className={styles['end']}>
        {keys !== undefined && <Keys keys={keys} />}
        {group !== 'do' && (
          <span className={styles['enter']}>
            {text.show} <Kbd>↵</Kbd>
          </span>
        )}
      </span>
    </MenuItem>
  );
}

function Nothing() {
  return (
    <div className={styles['nothing']}>
      <b>{text.nothingTitle}</b>
      <p>{text.nothingText}</p>
    </div>
  );
}
