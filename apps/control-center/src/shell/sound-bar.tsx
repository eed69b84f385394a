import { VolumeX } from 'lucide-react';
import { useSound, useSoundDesk } from '../alerts/sound-context.ts';
import { MEDIUM, useMedia } from '../hooks/use-media.ts';
import { messages } from '../messages/messages.ts';
import { useCan } from '../session/session-context.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { showToast } from '../ui/toasts.tsx';
import styles from './frame.module.css';

const text = messages.alerts.sound;

/** Says that alerts would not be heard on this screen, and offers to change that. */
export function SoundBar() {
  const desk = useSoundDesk();
  const { isBlocked } = useSound();
  const mayHandle = useCan('handleAlerts');
  const isMedium = useMedia(MEDIUM);
  if (!isBlocked || !mayHandle) return null;

  async function unblock(): Promise<void> {
    if (await desk.turnOn()) desk.test();
    else showToast({ kind: 'warning', title: text.stillBlocked, text: text.stillBlockedText });
  }

  return (
    <Banner
      kind="warning"
      icon={VolumeX}
      title={text.blocked}
      className={styles['soundBar']}
      action={
        <Button size="small" onPress={() => void unblock()}>
          {text.unblock}
        </Button>
      }
    >
      {/* on a phone the two words and the button say it in one line */}
      {isMedium && text.blockedText}
    </Banner>
  );
}
