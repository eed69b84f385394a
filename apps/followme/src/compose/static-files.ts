import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../control-center/dist', import.meta.url));

/** Folder of the built control center, or null when it was not built (then only the API is served). */
export const CONTROL_CENTER_FOLDER: string | null = existsSync(folder) ? folder : null;
