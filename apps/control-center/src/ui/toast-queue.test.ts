import { expect, test } from 'vitest';
import { createNewsDesk, type ToastNews } from './toast-queue.ts';

/** A queue like that of the component library, which cannot be loaded here. */
function openQueue() {
  const open = new Map<string, { news: ToastNews; onClose: (() => void) | undefined }>();
  let count = 0;
  return {
    add(news: ToastNews, options?: { onClose?: () => void }) {
      count += 1;
      open.set(String(count), { news, onClose: options?.onClose });
      return String(count);
    },
    close(key: string) {
      const toast = open.get(key);
      open.delete(key);
      toast?.onClose?.();
    },
    clear: () => open.clear(),
    titles: () => Array.from(open.values(), ({ news }) => news.title).sort(),
  };
}

function openDesk() {
  const queue = openQueue();
  const desk = createNewsDesk(queue);
  const tell = (title: string, about?: string) =>
    desk.show({ kind: 'ok', title, ...(about === undefined ? {} : { about }) });
  return { tell, titles: () => queue.titles() };
}

test('newer news about the same thing takes the place of the older, and of nothing else', () => {
  const { tell, titles } = openDesk();
  tell('Closed', 'alert 7');
  tell('Acknowledged', 'alert 8');
  tell('Saved');
  tell('Open again', 'alert 7');
  expect(titles()).toEqual(['Acknowledged', 'Open again', 'Saved']);
});

test('taking older news away a second time leaves the newer', () => {
  const { tell, titles } = openDesk();
  const takeAway = tell('Closed', 'alert 7');
  takeAway();
  tell('Open again', 'alert 7');
  takeAway();
  expect(titles()).toEqual(['Open again']);
});
