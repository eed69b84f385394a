/**
 * Two ways of using a page: with a mouse, and with a keyboard alone. A journey that is written once with
 * `Hands` runs with both.
 */
import type { Locator, Page } from 'playwright-core';

const PATIENCE_MS = 60_000;
/** More presses of Tab than any page has stops. */
const MOST_TABS = 400;

export interface Hands {
  readonly name: 'mouse' | 'keyboard';
  /** Presses a button, follows a link, ticks a box. */
  press(target: Locator): Promise<void>;
  /** Writes into a field, in place of what is in it. */
  write(target: Locator, text: string): Promise<void>;
}

export function mouse(): Hands {
  return {
    name: 'mouse',
    async press(target) {
      await target.click({ timeout: PATIENCE_MS });
    },
    async write(target, text) {
      await target.click({ timeout: PATIENCE_MS });
      await target.fill(text);
    },
  };
}

/** Whether this element, or what is in it, has the focus. */
function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element.contains(document.activeElement));
}

/**
 * Presses Tab until the target has the focus, as somebody without a mouse does.
 * @throws Error when no number of presses gets there.
 */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ timeout: PATIENCE_MS });
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${String(target)}`);
}

export function keyboard(page: Page): Hands {
  return {
    name: 'keyboard',
    async press(target) {
      await tabTo(page, target);
      const isBox = await target.evaluate((element) =>
        ['switch', 'checkbox', 'radio'].includes(
          element.getAttribute('role') ?? element.getAttribute('type') ?? '',
        ),
      );
      await page.keyboard.press(isBox ? 'Space' : 'Enter');
    },
    async write(target, text) {
      await tabTo(page, target);
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(text);
    },
  };
}
