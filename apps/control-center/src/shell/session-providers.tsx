import { type ReactNode, useEffect, useState } from 'react';
import { AlertActionsProvider } from '../alerts/alert-actions.tsx';
import { ringForAlerts } from '../alerts/alert-signals.ts';
import { useAlertStore } from '../alerts/alerts-context.ts';
import { SoundContext } from '../alerts/sound-context.ts';
import { createSoundDesk, type SoundDesk } from '../alerts/sound-desk.ts';
import { createSoundPlayer } from '../alerts/sound-player.ts';
import { makeAudioContext, watchTouches } from '../browser/audio.ts';
import { browserClock } from '../browser/clock.ts';
import { quietSound } from '../browser/preferences.ts';
import { useCan } from '../session/session-context.ts';
import { CommandsContext, createCommandRegistry } from './commands.ts';

interface Props {
  readonly children: ReactNode;
}

/** The desk of this seat. It rings only for those who can answer: nobody else could make it stop. */
function useOwnSoundDesk(): SoundDesk | null {
  const alerts = useAlertStore();
  const mayHandle = useCan('handleAlerts');
  const [desk, setDesk] = useState<SoundDesk | null>(null);
  useEffect(() => {
    const player = createSoundPlayer({ clock: browserClock, makeContext: makeAudioContext });
    const made = createSoundDesk({ clock: browserClock, player, memory: quietSound });
    // whether alerts would be heard is known before the first one comes
    if (mayHandle) void made.turnOn();
    const stopTouches = watchTouches(() => {
      if (made.snapshot().isBlocked) void made.turnOn();
    });
    const stopRinging = mayHandle ? ringForAlerts(alerts, made) : () => undefined;
    setDesk(made);
    return () => {
      stopTouches();
      stopRinging();
      made.stop();
    };
  }, [alerts, mayHandle]);
  return desk;
}

/** What every section of a session shares besides positions: commands, sounds, what is done with alerts. */
export function SessionProviders({ children }: Props) {
  const [registry] = useState(createCommandRegistry);
  const desk = useOwnSoundDesk();
  if (desk === null) return null;
  return (
    <CommandsContext value={registry}>
      <SoundContext value={desk}>
        <AlertActionsProvider>{children}</AlertActionsProvider>
      </SoundContext>
    </CommandsContext>
  );
}
