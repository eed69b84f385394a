/** Looks at a page as assistive technology does, with the rules of WCAG 2.2, levels A and AA. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Finding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly {
    readonly target: readonly unknown[];
    readonly failureSummary?: string;
  }[];
}

/**
 * Asserts that axe-core finds nothing on the page as it stands. The page's own policy allows no foreign
 * scripts: open it in a context with `bypassCSP: true`. Let what moves come to rest before.
 */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  if (!isThere) await page.addScriptTag({ content: SOURCE });
  const findings = await page.evaluate(async (tags): Promise<readonly Finding[]> => {
    // the script that was just added defines it
    const { axe } = globalThis as unknown as {
      axe: { run: (where: Document, options: object) => Promise<{ violations: Finding[] }> };
    };
    const options = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] };
    return (await axe.run(document, options)).violations;
  }, TAGS);
  expect(findings.map(sentences).join('\n\n')).toBe('');
}

function sentences({ id, help, nodes }: Finding): string {
  const places = nodes.map(
    ({ target, failureSummary = '' }) =>
      `  at ${target.join(' ')}\n    ${failureSummary.replaceAll('\n', '\n    ')}`,
  );
  return [`${id}: ${help}`, ...places].join('\n');
}
