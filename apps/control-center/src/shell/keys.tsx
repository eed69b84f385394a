import { Fragment } from 'react';
import { messages } from '../messages/messages.ts';
import { Kbd } from '../ui/kbd.tsx';

const text = messages.commands;
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** A key as it is printed on the keyboard of the reader. */
function keyName(key: string): string {
  const names: Readonly<Record<string, string>> = text.keyNames;
  if (key.startsWith('Mod+')) return `${isMac ? '⌘' : 'Ctrl '}${key.slice(4)}`;
  if (key.startsWith('Shift+')) return `Shift ${key.slice(6)}`;
  return names[key] ?? key;
}

/** The keys of a command: `G` then `L`. */
export function Keys({ keys }: { readonly keys: string }) {
  return keys.split(' ').map((key, i) => (
    // the keys of one sequence never change their places
    <Fragment key={i}>
      {i > 0 && <small>{text.followedBy}</small>}
      <Kbd>{keyName(key)}</Kbd>
    </Fragment>
  ));
}
