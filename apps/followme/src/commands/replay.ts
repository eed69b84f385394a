/** `followme replay`: what fences would have said about a recorded track, by the code the service runs. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import {
  createTrackReader,
  parseReplayFences,
  type ReplayFences,
  type ReplayProblem,
} from '@followme/geofence';
import { Command } from 'commander';

interface ReplayFlags {
  readonly fences: string;
  readonly track: string;
}

export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'Runs fences over a recorded track, with the code the service runs, and prints one JSON object per\n' +
        'event: {"type":"enter"|"exit"|…,"id","fence","fixTime",…}.',
    )
    .requiredOption(
      '--fences <file>',
      'GeoJSON FeatureCollection; features carry an id; Polygon, MultiPolygon, a circle is a Point with\n' +
        'properties.radiusM, a corridor a LineString with properties.widthM',
    )
    .requiredOption(
      '--track <file>',
      'one JSON object per line: {"id","fixTime","lat","lon","accuracyM"?}; - reads standard input',
    )
    .action(replay);
}

async function replay(flags: ReplayFlags): Promise<void> {
  const reader = createTrackReader(await readFences(flags.fences));
  const input = flags.track === '-' ? process.stdin : createReadStream(flags.track);
  let number = 0;
  input.on('error', (error: Error) => {
    process.stderr.write(`${flags.track} cannot be read: ${error.message}\n`);
    process.exit(1);
  });
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    const events = reader.read(line);
    if (!events.ok) throw new Error(`${flags.track}, line ${number}: ${explain(events.error)}`);
    for (const event of events.value) process.stdout.write(`${JSON.stringify(event)}\n`);
  }
}

async function readFences(file: string): Promise<ReplayFences> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`${file} cannot be read`, { cause });
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new Error(`${file}: this is not JSON`, { cause });
  }
  const fences = parseReplayFences(parsed);
  if (!fences.ok) throw new Error(`${file}: ${explain(fences.error)}`);
  return fences.value;
}

function explain(problem: ReplayProblem): string {
  switch (problem.code) {
    case 'BAD_FENCE': {
      const { code, message, path, place } = problem.problem;
      const where = place === undefined ? path : `${path} at ${place.join(', ')}`;
      return `fence ${problem.id}: ${code}: ${message} (${where})`;
    }
    case 'FENCE_WITHOUT_ID':
    case 'DUPLICATE_FENCE_ID':
      return `feature ${problem.feature}: ${problem.message}`;
    case 'NOT_A_FEATURE_COLLECTION':
    case 'BAD_TRACK_LINE':
      return problem.message;
  }
}
