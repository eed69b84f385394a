/** Asks a tracker's device for its position now, and tells how that went; the position itself comes live. */
import { ApiError } from '../../api/client.ts';
import { giveCommand } from '../../api/trackers.ts';
import { messages } from '../../messages/messages.ts';
import type { ToastNews } from '../../ui/toast-queue.ts';

const text = messages.detail.locate;

const WORDS: ReadonlyMap<string, string> = new Map([
  ['TRACKER_NOT_CONNECTED', text.notConnected],
  ['TRACKER_NOT_READING', text.notReading],
  ['COMMAND_UNSUPPORTED', text.unsupported],
  ['TOO_MANY_COMMANDS', text.tooMany],
]);

/** Why it did not work, in words. */
function failureWords(error: unknown): string {
  const code = error instanceof ApiError ? error.code : null;
  return (code === null ? undefined : WORDS.get(code)) ?? text.unreachable;
}

/** Asks, and answers the news of how it went; newer news about the same tracker takes its place. */
export async function locateNow(tracker: {
  readonly trackerId: number;
  readonly name: string;
}): Promise<ToastNews> {
  const about = `locate ${tracker.trackerId}`;
  try {
    await giveCommand(tracker.trackerId, { kind: 'locate' });
    return { kind: 'ok', title: text.asked(tracker.name), text: text.askedText, about };
  } catch (error) {
    return {
      kind: 'warning',
      title: text.failed(tracker.name),
      text: failureWords(error),
      about,
    };
  }
}
