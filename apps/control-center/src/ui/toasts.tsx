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
import styles from './toasts.module.css';

/** One piece of news. */
export interface ToastNews {
  readonly kind: 'ok' | 'info' | 'warning' | 'critical';
  /** What happened, in a few words. */
  readonly title: string;
  readonly text?: string | undefined;
  /** Undo, Show, Try again. Pressing it also takes the toast away. */
  readonly action?: { readonly label: string; readonly onPress: () => void } | undefined;
  /** How long it stays, ms; from 5,000 up. 0: until closed. Pointer or focus on the toasts holds the time. */
  readonly stayMs?: number;
  /** False when something else reads it aloud, so that it is not heard twice. */
  readonly isAloud?: boolean;
}

/** More than these are not in sight; the oldest wait. */
const MOST_VISIBLE = 4;
/** Time to read a line and decide; with something to press, twice that. */
const STAY_MS = 6000;
const STAY_WITH_ACTION_MS = 12_000;

/** The toasts of this page. There is one screen, so there is one queue; only `showToast` adds to it. */
const queue = new ToastQueue<ToastNews>({ maxVisibleToasts: MOST_VISIBLE });

/** Shows news at the edge of the screen and reads it aloud. Answers how to take it away before its time. */
export function showToast(news: ToastNews): () => void {
  const stayMs = news.stayMs ?? (news.action === undefined ? STAY_MS : STAY_WITH_ACTION_MS);
  const key = queue.add(news, stayMs === 0 ? {} : { timeout: stayMs });
  return () => queue.close(key);
}

/** Takes all news away, also what waits: whoever it was for has left. */
export function clearToasts(): void {
  queue.clear();
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
