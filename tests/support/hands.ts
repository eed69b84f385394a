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
  /** Chooses one of several radio buttons by its name. */
  choose(group: Locator, name: string): Promise<void>;
  /** Types into a field that offers choices, and takes the first. */
  pick(field: Locator, text: string): Promise<void>;
}

/** A hand on a mouse. */
export function mouse(page: Page): Hands {
  return {
    name: 'mouse',
    async press(target) {
      await target.waitFor({ state: 'attached', timeout: PATIENCE_MS });
      // a box that is drawn has its real one out of sight inside of the label that people click
      const label = target.locator('xpath=ancestor::label');
      const isBox = (await label.count()) > 0;
      await (isBox ? label : target).click({ timeout: PATIENCE_MS });
    },
    async write(target, text) {
      await target.click({ timeout: PATIENCE_MS });
      await target.fill(text);
    },
    async choose(group, name) {
      await group.getByText(name, { exact: true }).click({ timeout: PATIENCE_MS });
    },
    async pick(field, text) {
      await field.click({ timeout: PATIENCE_MS });
      await field.fill(text);
      await page.getByRole('option').first().click({ timeout: PATIENCE_MS });
      // the list of what else there is goes with a click beside it
      if (await page.getByRole('listbox').isVisible()) await page.mouse.click(2, 2);
    },
  };
}

/**
 * Presses Tab until the target has the focus, as somebody without a mouse does.
 * @throws Error when no number of presses gets there.
 */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  // the element itself: an open list on the way hides the rest of the page from the search by role
  const element = await target.elementHandle({ timeout: PATIENCE_MS });
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    if (await element?.evaluate((node) => node.contains(document.activeElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${String(target)}`);
}

/** Ten fingers and no mouse. */
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
    async choose(group, name) {
      // behind its name stands what it means
      const radio = group.getByRole('radio', { name: new RegExp(`^${name}`) });
      const all = await group.getByRole('radio').count();
      await tabTo(page, group);
      for (let presses = 0; presses <= all; presses += 1) {
        if (await radio.isChecked()) return;
        await page.keyboard.press('ArrowDown');
      }
      throw new Error(`Arrow keys never reach ${name}`);
    },
    async pick(field, text) {
      await tabTo(page, field);
      await page.keyboard.type(text);
      await page.getByRole('option').first().waitFor({ timeout: PATIENCE_MS });
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      // the list of what else there is goes, the dialog stays
      await page.keyboard.press('Escape');
    },
  };
}
