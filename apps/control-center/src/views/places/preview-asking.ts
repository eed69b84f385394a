/**
 * Asks what a place would have seen, a moment after it was last changed; a newer question ends the one before. No
 * React, no network.
 */
import type { FencePreviewBody, FencePreviewReply } from '@followme/contracts';
import { ApiError } from '../../api/client.ts';
import type { BrowserClock, CancelTimer } from '../../browser/clock.ts';

/** So long nothing is changed before it is asked. */
export const QUIET_MS = 600;

/** What is known of the place as it is drawn now. */
export type Preview =
  | { readonly kind: 'none' }
  /** A question is under way; `last` is the answer to the one before. */
  | { readonly kind: 'asking'; readonly last: FencePreviewReply | null }
  | { readonly kind: 'known'; readonly seen: FencePreviewReply }
  | { readonly kind: 'failed' };

export const NO_PREVIEW: Preview = { kind: 'none' };

export interface AskingDeps {
  readonly clock: Pick<BrowserClock, 'after'>;
  /** @throws ApiError */
  readonly fetch: (body: FencePreviewBody, signal: AbortSignal) => Promise<FencePreviewReply>;
  readonly onPreview: (preview: Preview) => void;
}

export interface PreviewAsking {
  /** The place has changed; `read` answers it when it is time to ask, null while it cannot be a place. */
  readonly change: (read: () => FencePreviewBody | null) => void;
  /** There is nothing to ask about. */
  readonly clear: () => void;
}

export function createPreviewAsking({ clock, fetch, onPreview }: AskingDeps): PreviewAsking {
  let last: FencePreviewReply | null = null;
  let cancelTimer: CancelTimer = () => undefined;
  let underWay = new AbortController();

  function stop(): void {
    cancelTimer();
    underWay.abort();
  }

  function clear(): void {
    stop();
    last = null;
    onPreview(NO_PREVIEW);
  }

  async function ask(body: FencePreviewBody): Promise<void> {
    const { signal } = (underWay = new AbortController());
    let preview: Preview;
    try {
      preview = { kind: 'known', seen: await fetch(body, signal) };
    } catch (error) {
      // what the server takes for no place is said where it is saved
      const isRefused = error instanceof ApiError && error.code === 'FENCE_INVALID';
      preview = isRefused ? NO_PREVIEW : { kind: 'failed' };
    }
    if (signal.aborted) return;
    last = preview.kind === 'known' ? preview.seen : null;
    onPreview(preview);
  }

  return {
    change(read) {
      stop();
      onPreview({ kind: 'asking', last });
      cancelTimer = clock.after(QUIET_MS, () => {
        const body = read();
        if (body === null) clear();
        else void ask(body);
      });
    },
    clear,
  };
}
