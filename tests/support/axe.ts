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

/** The part of axe-core that is used here. */
interface Axe {
  getRules(tags: readonly string[]): { readonly ruleId: string; readonly tags: string[] }[];
  run(where: Document, options: object): Promise<{ violations: Finding[] }>;
}

/** What is left out of one look at a page. */
export interface AxeOptions {
  /** Ids of rules that do not hold in this state, each with a reason beside the call. */
  readonly except?: readonly string[];
}

/**
 * Asserts that axe-core finds nothing on the page as it stands; its experimental rules are left out. The page's
 * own policy allows no foreign scripts: open it in a context with `bypassCSP: true`. Let what moves come to
 * rest before, or ask the context for `reducedMotion: 'reduce'`.
 */
export async function expectNoAxeViolations(page: Page, options: AxeOptions = {}): Promise<void> {
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  if (!isThere) await page.addScriptTag({ content: SOURCE });
  const findings = await page.evaluate(
    async ([tags, except]): Promise<readonly Finding[]> => {
      // the script that was just added defines it
      const { axe } = globalThis as unknown as { axe: Axe };
      const rules = axe
        .getRules(tags)
        .filter((rule) => !rule.tags.includes('experimental') && !except.includes(rule.ruleId))
        .map(({ ruleId }) => ruleId);
      const runOnly = { type: 'rule', values: rules };
      return (await axe.run(document, { runOnly, resultTypes: ['violations'] })).violations;
    },
    [TAGS, options.except ?? []] as const,
  );
  expect(findings.map(sentences).join('\n\n')).toBe('');
}

function sentences({ id, help, nodes }: Finding): string {
  const places = nodes.map(
    ({ target, failureSummary = '' }) =>
      `  at ${target.join(' ')}\n    ${failureSummary.replaceAll('\n', '\n    ')}`,
  );
  return [`${id}: ${help}`, ...places].join('\n');
}
