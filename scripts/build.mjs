// `npm run build`: services and web app, when their sources changed.
import { ensureBuilt, ensureInstalled, requireNode } from './lib.mjs';

requireNode();
await ensureInstalled();
await ensureBuilt();
