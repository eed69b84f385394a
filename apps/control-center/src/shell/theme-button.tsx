import { Moon, Sun } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { chooseTheme, chosenTheme, watchTheme } from '../browser/theme.ts';
import { useMedia } from '../hooks/use-media.ts';
import { messages } from '../messages/messages.ts';
import { IconButton } from '../ui/button.tsx';

/** From light to dark and back. What the machine wants is chosen in the menu of the person. */
export function ThemeButton() {
  const chosen = useSyncExternalStore(watchTheme, chosenTheme);
  const prefersDark = useMedia('(prefers-color-scheme: dark)');
  const isDark = chosen === 'dark' || (chosen === 'system' && prefersDark);
  const { lightTheme, darkTheme } = messages.commands;
  const Icon = isDark ? Sun : Moon;
  return (
    <IconButton
      label={isDark ? lightTheme : darkTheme}
      onPress={() => chooseTheme(isDark ? 'light' : 'dark')}
    >
      <Icon size={17} aria-hidden="true" />
    </IconButton>
  );
}
