/**
 * Street maps as files: PMTiles in the folder of maps, read in ranges by the page of whoever is signed in.
 * The files belong to the installation; a customer chooses one.
 */
import { readdir } from 'node:fs/promises';
import { MAP_FILE_PATTERN } from '@followme/contracts';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.ts';

const MAP_FILE = new RegExp(MAP_FILE_PATTERN);
/** Most files that are listed. */
const MAX_FILES = 200;
/** Pages notice by the file's tag when it was replaced. */
const CACHE = 'private, max-age=3600';

/** Names of the map files, in order; none when there is no such folder. */
export async function listMapFiles(folder: string | null): Promise<string[]> {
  if (folder === null) return [];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && MAP_FILE.test(entry.name))
      .map(({ name }) => name)
      .sort((a, b) => a.localeCompare(b, 'en'))
      .slice(0, MAX_FILES);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Serves the map files to everybody signed in. */
export async function addMapFiles(app: FastifyInstance, folder: string | null): Promise<void> {
  await app.register(async (scope) => {
    const config = { access: 'signedIn' } as const;
    const schema = { hide: true };
    if (folder !== null) {
      await scope.register(fastifyStatic, {
        root: folder,
        serve: false,
        dotfiles: 'deny',
        cacheControl: false,
        setHeaders: (response) => response.setHeader('cache-control', CACHE),
      });
    }
    scope.get<{ Params: { file: string } }>('/maps/:file', { config, schema }, (request, reply) => {
      const { file } = request.params;
      if (folder === null || !MAP_FILE.test(file)) return sendProblem(reply, 'ROUTE_NOT_FOUND');
      return reply.sendFile(file);
    });
  });
}
