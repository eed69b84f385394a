/**
 * Short news that leaves by itself: what was done, what did not work. Never the only place of something
 * that must be seen: alerts live in the queue.
 */
import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert, X } from 'lucide-react';
import {
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import { Button, IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import { createNewsDesk, type ToastNews } from './toast-queue.ts';
import styles from './toasts.module.css';

/** More than these are not in sight; the oldest wait. */
const MOST_VISIBLE = 4;
/** The toasts of this page. There is one screen, so there is one queue; only `showToast` adds to it. */
const queue = new ToastQueue<ToastNews>({ maxVisibleToasts: MOST_VISIBLE });

const desk = createNewsDesk(queue);

/** Shows news at the edge of the screen and reads it aloud. Answers how to take it away before its time. */
export function showToast(news: ToastNews): () => void {
  return desk.show(news);
}

/** Takes all news away, also what waits: whoever it was for has left. */
export function clearToasts(): void {
  desk.clear();
}

const ICONS: Record<ToastNews['kind'], LucideIcon> = {
  ok: CircleCheck,
  info: Info,
  warning: TriangleAlert,
  critical: CircleAlert,
};

/** What went well waits for a pause of whoever reads the page aloud; what did not interrupts. */
function roleOf({ kind, isAloud = true }: ToastNews): 'alert' | 'status' | 'presentation' {
  if (!isAloud) return 'presentation';
  return kind === 'ok' || kind === 'info' ? 'status' : 'alert';
}

/** Where the toasts appear: once in the shell. F6 leads here while there are any. */
export function Toasts() {
  return (
    <ToastRegion
      queue={queue}
      aria-label={messages.ui.notifications}
      className={styles['region'] ?? ''}
    >
      {({ toast }) => {
        const { kind, title, text, action } = toast.content;
        const Icon = ICONS[kind];
        return (
          <Toast toast={toast} className={classNames(styles['toast'], styles[kind])}>
            <Icon size={18} aria-hidden="true" className={styles['icon']} />
            <ToastContent className={styles['words'] ?? ''} role={roleOf(toast.content)}>
              <Text slot="title" className={styles['title'] ?? ''}>
                {title}
              </Text>
              {text !== undefined && (
                <Text slot="description" className={styles['text'] ?? ''}>
                  {text}
                </Text>
              )}
            </ToastContent>
            {action !== undefined && (
              <Button
                size="small"
                slot={null}
                onPress={() => {
                  action.onPress();
                  queue.close(toast.key);
                }}
              >
                {action.label}
              </Button>
            )}
            <IconButton size="small" slot="close" label={messages.ui.close}>
              <X size={16} aria-hidden="true" />
            </IconButton>
          </Toast>
        );
      }}
    </ToastRegion>
  );
}
