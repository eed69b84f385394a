import { Volume2 } from 'lucide-react';
import { useSound, useSoundDesk } from '../../alerts/sound-context.ts';
import {
  chooseLanguage,
  chosenLanguage,
  LANGUAGE_NAMES,
  parseLanguage,
} from '../../browser/language.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Switch } from '../../ui/switch.tsx';
import styles from './settings.module.css';
import type { SettingsForm } from './use-settings-form.ts';

interface Props {
  readonly form: SettingsForm;
}

const text = messages.settings.language;
const AUTOMATIC = 'automatic';

const languages = (automatic: string) => [
  { id: AUTOMATIC, label: automatic },
  ...Object.entries(LANGUAGE_NAMES).map(([id, label]) => ({ id, label })),
];

/** Which language everybody sees, which one I see, and what I hear. */
export function LanguagePanel({ form }: Props) {
  const { saved, draft, change } = form;
  const organisation = draft.language === undefined ? saved.language : draft.language;
  return (
    <>
      <Card>
        <div className={styles['fields']}>
          <RadioGroup
            label={text.organisation}
            description={text.organisationHint}
            items={languages(text.automatic)}
            value={organisation ?? AUTOMATIC}
            onChange={(id) => change({ language: parseLanguage(id) })}
          />
          <RadioGroup
            label={text.mine}
            description={text.mineHint}
            items={languages(text.mineAutomatic)}
            value={chosenLanguage() ?? AUTOMATIC}
            onChange={(id) => chooseLanguage(parseLanguage(id))}
          />
        </div>
      </Card>
      <SoundCard />
    </>
  );
}

function SoundCard() {
  const desk = useSoundDesk();
  const { isQuiet, isBlocked } = useSound();

  async function hear(): Promise<void> {
    if (await desk.turnOn()) desk.test();
  }

  return (
    <Card title={text.sound}>
      <div className={styles['fields']}>
        {isBlocked && (
          <Banner kind="warning" isLive={false}>
            {text.soundBlocked}
          </Banner>
        )}
        <Button className={styles['start']} onPress={() => void hear()}>
          <Volume2 size={16} aria-hidden="true" />
          {text.soundTest}
        </Button>
        <Switch
          description={text.soundQuietHint}
          isSelected={isQuiet}
          onChange={(isOn) => desk.setQuiet(isOn)}
        >
          {text.soundQuiet}
        </Switch>
      </div>
    </Card>
  );
}
