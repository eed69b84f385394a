import { SEVERITIES } from '@followme/contracts';
import { useSoundDesk } from '../../alerts/sound-context.ts';
import { TRACKER_STATES } from '../../live/tracker-state.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { useAllCommands } from '../../shell/commands.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { navigate } from '../../shell/route.ts';
import { reopenWelcome } from '../live/welcome-card.tsx';
import styles from './help-page.module.css';

const text = messages.help;

/** The few things to know at the start of a shift, each with what to press. */
export function HelpPage() {
  const commands = useAllCommands();
  const run = (id: string): void => commands.find((command) => command.id === id)?.run?.();
  return (
    <Page title={text.title} description={text.intro} width="narrow">
      <Card title={messages.live.welcome.title}>
        <Button onPress={showWelcome}>{messages.live.welcome.reopen}</Button>
      </Card>
      <Card title={text.alertsTitle}>
        <ol className={styles['steps']}>
          {text.alertsSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Card>
      <Marks />
      <SoundHelp />
      <Card title={text.paletteTitle}>
        <p className={styles['text']}>{text.paletteText}</p>
        <Button onPress={() => run('palette')}>{text.openPalette}</Button>
      </Card>
      <Card title={text.keysTitle}>
        <p className={styles['text']}>{text.keysText}</p>
        <Button onPress={() => run('keys')}>{text.showKeys}</Button>
      </Card>
    </Page>
  );
}

function showWelcome(): void {
  reopenWelcome();
  navigate('/');
}

function Marks() {
  return (
    <Card title={text.marksTitle}>
      <ul role="list" className={styles['marks']}>
        {SEVERITIES.map((severity) => (
          <li key={severity}>
            <SeverityGlyph severity={severity} />
            {text.severities[severity]}
          </li>
        ))}
        {TRACKER_STATES.map((state) => (
          <li key={state}>
            <StateGlyph state={state} />
            {text.states[state]}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function SoundHelp() {
  const desk = useSoundDesk();
  const mayHandle = useCan('handleAlerts');
  return (
    <Card title={text.soundTitle}>
      <p className={styles['text']}>{text.soundText}</p>
      {mayHandle && <Button onPress={() => desk.test()}>{messages.alerts.sound.test}</Button>}
    </Card>
  );
}
