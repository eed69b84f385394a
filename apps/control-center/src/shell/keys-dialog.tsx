import { useState } from 'react';
import { lettersOff } from '../browser/preferences.ts';
import { messages } from '../messages/messages.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Switch } from '../ui/switch.tsx';
import { type Command, COMMAND_GROUPS, useAllCommands } from './commands.ts';
import { isCharacterKey } from './key-reader.ts';
import { Keys } from './keys.tsx';
import styles from './keys-dialog.module.css';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const text = messages.commands;

/** Everything the keyboard does here, and whether single letters are keys at all. */
export function KeysDialog({ isOpen, onClose }: Props) {
  return (
    <Dialog isOpen={isOpen} title={text.keysTitle} onClose={onClose} size="large">
      <Content />
    </Dialog>
  );
}

function Content() {
  const commands = useAllCommands();
  const [hasLetters, setHasLetters] = useState(() => !lettersOff.read());
  const withKeys = commands.filter(({ keys }) => keys.length > 0);

  function choose(on: boolean): void {
    lettersOff.write(!on);
    setHasLetters(on);
  }

  return (
    <div className={styles['content']}>
      <Switch isSelected={hasLetters} onChange={choose} description={text.lettersText}>
        {text.letters}
      </Switch>
      <div className={styles['groups']}>
        {COMMAND_GROUPS.map((group) => (
          <KeyGroup
            key={group}
            title={text.headings[group]}
            commands={withKeys.filter((command) => command.group === group)}
            hasLetters={hasLetters}
          />
        ))}
      </div>
      <p className={styles['note']}>{text.keysText}</p>
    </div>
  );
}

interface KeyGroupProps {
  readonly title: string;
  readonly commands: readonly Command[];
  readonly hasLetters: boolean;
}

function KeyGroup({ title, commands, hasLetters }: KeyGroupProps) {
  if (commands.length === 0) return null;
  return (
    <section>
      <h3 className={styles['title']}>{title}</h3>
      <dl className={styles['list']}>
        {commands.map(({ id, title: does, keys }) => (
          <div key={id} data-off={!hasLetters && keys.every(isCharacterKey)}>
            <dt>
              {keys.map((way) => (
                <span key={way} className={styles['way']}>
                  <Keys keys={way} />
                </span>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
