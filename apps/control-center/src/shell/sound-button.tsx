import { Volume1, Volume2, VolumeX } from 'lucide-react';
import { useSound, useSoundDesk } from '../alerts/sound-context.ts';
import { formatSpan } from '../format/relative-time.ts';
import { useNow } from '../hooks/use-now.ts';
import { messages } from '../messages/messages.ts';
import { useCan } from '../session/session-context.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { MenuButton, MenuItem } from '../ui/menu.tsx';
import { showToast } from '../ui/toasts.tsx';

const text = messages.alerts.sound;

/** Mute, test, and which alerts ring. While muted it is a button with the seconds that are left. */
export function SoundButton() {
  const desk = useSoundDesk();
  const { mutedUntilMs, isQuiet, isBlocked } = useSound();
  const nowMs = useNow();
  const mayHandle = useCan('handleAlerts');
  if (!mayHandle) return null;
  if (mutedUntilMs !== null) {
    return (
      <Button size="small" onPress={() => desk.unmute()}>
        <VolumeX size={16} aria-hidden="true" />
        {text.mutedFor(formatSpan(mutedUntilMs - nowMs))}
      </Button>
    );
  }
  const Icon = isBlocked ? VolumeX : isQuiet ? Volume1 : Volume2;

  function test(): void {
    desk.test();
    showToast({ kind: 'info', title: text.tested });
  }

  return (
    <MenuButton
      label={text.button}
      placement="bottom end"
      trigger={
        <IconButton label={isBlocked ? text.blocked : isQuiet ? text.quiet : text.on}>
          <Icon size={17} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem onAction={() => desk.mute()}>{text.mute}</MenuItem>
      <MenuItem onAction={() => desk.setQuiet(!isQuiet)}>
        {isQuiet ? text.turnOn : text.turnOff}
      </MenuItem>
      <MenuItem onAction={test}>{text.test}</MenuItem>
    </MenuButton>
  );
}
