// `npm start`: installs and builds when needed, then runs the system with a simulated fleet in this process.
import process from 'node:process';
import { ensureBuilt, ensureInstalled, fail, requireNode, root } from './lib.mjs';

requireNode();
const stray = process.argv
  .slice(2)
  .find((word, at, words) => !word.startsWith('-') && !words[at - 1]?.startsWith('-'));
if (stray !== undefined) {
  fail(
    `Got "${stray}" without an option before it. Options go behind two dashes: npm start -- --port 9000`,
  );
}
await ensureInstalled();
await ensureBuilt();
process.chdir(root);
process.argv.splice(2, 0, 'demo');
await import('../apps/followme/bin/followme.js');
