#!/usr/bin/env node
// The `followme` command. In a checkout it builds itself when it was never built; in an image it is built.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
const builder = new URL('../../../scripts/lib.mjs', import.meta.url);
if (!existsSync(main) && existsSync(builder)) {
  const { ensureBuilt, ensureInstalled } = await import(builder.href);
  await ensureInstalled();
  await ensureBuilt();
}
const { run } = await import(main.href);
await run(process.argv.slice(2));
