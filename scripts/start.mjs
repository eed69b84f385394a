// `npm start`: installs and builds when needed, then runs the system with a simulated fleet in this process.
import process from 'node:process';
import { ensureBuilt, ensureInstalled, requireNode, root } from './lib.mjs';

requireNode();
await ensureInstalled();
await ensureBuilt();
process.chdir(root);
process.argv.splice(2, 0, 'demo');
await import('../apps/followme/bin/followme.js');
