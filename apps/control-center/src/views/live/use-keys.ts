import { ListFilter, Table } from 'lucide-react';
import { messages } from '../../messages/messages.ts';
import { useCommands } from '../../shell/commands.ts';

/** What the keys of the live view do. */
export interface KeyActions {
  /** The live view is in sight. */
  readonly isActive: boolean;
  readonly onToggleView: () => void;
  readonly onSearch: () => void;
  readonly onBack: () => void;
}

const text = messages.commands;

/** Offers the keys of the live view while it is in sight; the map hears its own itself. */
export function useKeys({ isActive, onToggleView, onSearch, onBack }: KeyActions): void {
  const group = 'live';
  const isEnabled = isActive;
  useCommands([
    {
      id: 'view',
      title: text.toggleView,
      group,
      icon: Table,
      keys: ['T'],
      isEnabled,
      run: onToggleView,
    },
    {
      id: 'filter',
      title: text.filter,
      group,
      icon: ListFilter,
      keys: ['/'],
      isEnabled,
      run: onSearch,
    },
    {
      id: 'back',
      title: text.back,
      group,
      keys: ['Escape'],
      isEnabled,
      inPalette: false,
      run: onBack,
    },
    { id: 'zoom', title: text.zoom, group, keys: ['+', '−'], run: null },
    { id: 'pan', title: text.pan, group, keys: ['←', '↑', '→', '↓'], run: null },
  ]);
}
