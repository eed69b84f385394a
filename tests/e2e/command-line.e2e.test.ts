/** The command line as a user meets it: the bin of a clean install, real processes, real files. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeCcc, encodeTextFrame } from '@followme/protocols';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logIn } from '../support/api.ts';
import { ROOT, startSystem, type RunningSystem } from '../support/system.ts';

const BIN = path.join(ROOT, 'node_modules/.bin/followme');
const COMMANDS = [
  'serve',
  'demo',
  'simulate',
  'decode',
  'replay',
  'migrate',
  'tenant',
  'lanes',
  'doctor',
];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function followme(args: readonly string[], input: string | Buffer = '', env = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(BIN, args, { cwd: ROOT, env: { ...process.env, ...env } });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}

const jsonLines = ({ stdout }: Ended): unknown[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'followme-cli-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('help and wrong use', () => {
  test('--help lists every command', async () => {
    const { code, stdout } = await followme(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  });

  test.each([...COMMANDS, 'tenant create', 'tenant list'])(
    '%s --help says what it takes',
    async (command) => {
      const { code, stdout } = await followme([...command.split(' '), '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: followme ${command}`);
    },
  );

  test.each([
    [['dance'], 'dance'],
    [['serve', '--port', 'abc'], '--port'],
    [['serve', '--roles', 'chef'], '--roles'],
    [['serve', '--nonsense'], '--nonsense'],
    [['decode'], '--protocol'],
    [['decode', '--protocol', 'morse'], 'meitrack'],
    [
      ['tenant', 'create', '--slug', 'A B', '--name', 'x', '--admin', 'a@b', '--host', 'h'],
      '--slug',
    ],
    [['tenant', 'create', '--slug', 'ab', '--name', 'x', '--admin', 'a@b'], '--host'],
  ])('%j is refused with exit code 2 and a word about what to do', async (args, word) => {
    const { code, stderr } = await followme(args);
    expect(code).toBe(2);
    expect(stderr).toContain(word);
  });
});

describe('decode', () => {
  const SENDER = { imei: '861234567890123', flag: 'A' };
  const text =
    'AAA,35,52.303345,4.750464,260101120000,A,9,20,36,90,0.8,5,1000,60,204|4|0001|0002,0000,0000|0000|0000|02BC|03E8,,*';
  const frame = encodeTextFrame(SENDER, text.slice(0, -1)).toString('latin1');

  test('prints one object per line, with or without the line end of the protocol', async () => {
    const hex = Buffer.from(frame, 'latin1').toString('hex');
    const withEnd = await followme(['decode', '--protocol', 'meitrack', '--hex'], `${hex}\n`);
    const without = await followme(['decode', '--protocol', 'meitrack'], `${frame.trimEnd()}\n`);
    expect(jsonLines(withEnd)).toMatchObject([
      {
        positions: [
          {
            id: SENDER.imei,
            fixTime: '2026-01-01T12:00:00.000Z',
            lat: 52.303345,
            lon: 4.750464,
            valid: true,
            speedMps: 10,
            headingDeg: 90,
            altitudeM: 5,
          },
        ],
        reply: null,
      },
    ]);
    expect(jsonLines(without)).toEqual(jsonLines(withEnd));
  });

  test('reads bytes beyond ASCII in a text frame as they are', async () => {
    const odd = encodeTextFrame(SENDER, text.slice(0, -1))
      .toString('latin1')
      .replace('A,9', '\u00e9,9');
    const child = await followme(
      ['decode', '--protocol', 'meitrack'],
      Buffer.from(`${odd}\n`, 'latin1'),
    );
    expect(child.code).toBe(0);
    expect(jsonLines(child)).toHaveLength(1);
  });

  test('prints the reply of a CCC frame and an error code for what is no frame', async () => {
    const report = {
      eventCode: 1,
      fixTimeMs: Date.UTC(2026, 0, 1),
      lonE6: 4_750_464,
      latE6: 52_303_345,
      valid: true,
      satellitesInUse: 9,
      gsmSignal: 20,
      speedKmh: 36,
      headingDeg: 90,
      hdopTenths: 8,
      altitudeM: 5,
      odometerM: 1,
      runTimeS: 1,
      cell: { mcc: 204, mnc: 4, lac: 1, ci: 2 },
      ports: 0,
      batteryReading: 700,
      powerReading: 1_000,
    };
    const ccc = encodeCcc(SENDER, [report], 1).toString('hex');
    const ended = await followme(
      ['decode', '--protocol', 'meitrack', '--hex'],
      `${ccc}\nnot hex\n00ff00\n`,
    );
    expect(ended.code).toBe(0);
    const [first, second, third] = jsonLines(ended) as { reply: string }[];
    expect(Buffer.from(first?.reply ?? '', 'hex').toString()).toMatch(
      /^@@A27,861234567890123,CCC,1\*/,
    );
    expect(second).toEqual({ error: 'NOT_HEX' });
    expect(third).toHaveProperty('error');
  });
});

describe('replay', () => {
  const feature = (id: string, geometry: unknown, properties = {}): unknown => ({
    type: 'Feature',
    id,
    properties,
    geometry,
  });
  const square = (lon: number, size: number): number[][] => [
    [lon - size, -size],
    [lon + size, -size],
    [lon + size, size],
    [lon - size, size],
    [lon - size, -size],
  ];
  const fences = {
    type: 'FeatureCollection',
    features: [
      feature('ring', { type: 'Polygon', coordinates: [square(0, 0.3), square(0, 0.1)] }),
      feature('islands', {
        type: 'MultiPolygon',
        coordinates: [[square(1, 0.1)], [square(2, 0.1)]],
      }),
      feature('circle', { type: 'Point', coordinates: [3, 0] }, { radiusM: 5_000 }),
      feature(
        'road',
        {
          type: 'LineString',
          coordinates: [
            [4, -1],
            [4, 1],
          ],
        },
        { widthM: 2_000 },
      ),
    ],
  };
  const at = (minute: number, lon: number): string =>
    JSON.stringify({ id: 'v1', fixTime: new Date(minute * 60_000).toISOString(), lat: 0, lon });

  test('prints what each shape has to say, in the order of the track', async () => {
    const places = [-1, -0.2, 0, 0.2, 1, 1.5, 2, 3, 3.5, 4, 4.5];
    const fencesFile = path.join(folder, 'fences.geojson');
    const trackFile = path.join(folder, 'track.ndjson');
    await writeFile(fencesFile, JSON.stringify(fences));
    await writeFile(trackFile, places.map((lon, minute) => at(minute, lon)).join('\n'));
    const ended = await followme(['replay', '--fences', fencesFile, '--track', trackFile]);
    expect(ended.stderr).toBe('');
    const events = jsonLines(ended) as { type: string; fence: string; fixTime: string }[];
    expect(
      events.map(({ type, fence, fixTime }) => `${fixTime.slice(14, 16)} ${type} ${fence}`),
    ).toEqual([
      '01 enter ring',
      '02 exit ring',
      '03 enter ring',
      '04 exit ring',
      '04 enter islands',
      '05 exit islands',
      '06 enter islands',
      '07 exit islands',
      '07 enter circle',
      '08 exit circle',
      '09 enter road',
      '10 exit road',
    ]);
  });

  test('a fence that is no shape and a line that is no fix are named, with exit code 1', async () => {
    const bow = feature('bow', {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      ],
    });
    const bad = path.join(folder, 'bad.geojson');
    await writeFile(bad, JSON.stringify({ type: 'FeatureCollection', features: [bow] }));
    const badFence = await followme(['replay', '--fences', bad, '--track', '-']);
    expect(badFence).toMatchObject({ code: 1, stdout: '' });
    expect(badFence.stderr).toMatch(/bow.*0\.5/s);
    const good = path.join(folder, 'good.geojson');
    await writeFile(good, JSON.stringify(fences));
    const badLine = await followme(
      ['replay', '--fences', good, '--track', '-'],
      `${at(0, 0)}\n{}\n`,
    );
    expect(badLine.code).toBe(1);
    expect(badLine.stderr).toContain('line 2');
  });
});

describe('on a running system', () => {
  let system: RunningSystem;
  let dataFolder: string;
  let currentPassword: string;
  beforeAll(async () => {
    dataFolder = path.join(folder, 'data');
    system = await startSystem({ dataFolder, args: ['--log-level', 'warn'] });
    currentPassword = system.password;
  });
  afterAll(async () => {
    expect(await system.stop()).toBe(0);
  });

  test('a second process on the same folder ends with one sentence', async () => {
    const second = await followme([
      'serve',
      '--data',
      dataFolder,
      '--port',
      '0',
      '--device-ports',
      '0',
    ]);
    expect(second.code).toBe(1);
    expect(second.stderr.trim().split('\n')).toHaveLength(1);
    expect(second.stderr).toContain(String(system.pid));
  });

  test('a port that is taken is named', async () => {
    const port = new URL(system.url).port;
    const other = path.join(folder, 'other');
    const second = await followme([
      'serve',
      '--data',
      other,
      '--port',
      port,
      '--device-ports',
      '0',
    ]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(port);
  });

  test('doctor names a port that somebody else uses, with exit code 1', async () => {
    const port = new URL(system.url).port;
    const other = path.join(folder, 'doctor');
    const ports = ['--port', port, '--device-ports', '0'];
    const doctor = await followme(['doctor', '--data', other, ...ports]);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/^failed\s+Web port/m);
  });

  test('a device port that is taken ends the start instead of leaving half a system', async () => {
    const base = String(system.devicePort - 2);
    const other = path.join(folder, 'half');
    const half = await followme(['serve', '--data', other, '--port', '0', '--device-ports', base]);
    expect(half.code).toBe(1);
    expect(half.stderr).toContain(String(system.devicePort));
  });

  test('a tenant is made and listed beside the running system, and its administrator logs in', async () => {
    const args = [
      '--slug',
      'acme',
      '--name',
      'Acme',
      '--admin',
      'boss@acme.test',
      '--host',
      'localhost',
    ];
    const made = await followme(['tenant', 'create', '--data', dataFolder, ...args]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const password = /Password: (\S+)/.exec(made.stdout)?.[1] ?? '';
    const again = await followme(['tenant', 'create', '--data', dataFolder, ...args]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('already');
    const listed = jsonLines(await followme(['tenant', 'list', '--data', dataFolder]));
    expect(listed).toMatchObject([{ slug: 'acme' }, { slug: 'provider', isProvider: true }]);
    // its host name leads to it; the provider's login is none of its
    const acme = system.url.replace('127.0.0.1', 'localhost');
    const api = await logIn(acme, 'boss@acme.test', password);
    expect(await api.must('GET', '/api/trackers')).toMatchObject({ items: [] });
    await expect(logIn(acme, system.email, system.password)).rejects.toThrow('401');
  });

  test('a lost password is made anew; the old one and its sessions end', async () => {
    const before = await logIn(system.url, system.email, system.password);
    const args = ['tenant', 'password', '--data', dataFolder, '--email', system.email];
    const ended = await followme(args);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const password = /Password: (\S+)/.exec(ended.stdout)?.[1] ?? '';
    await expect(logIn(system.url, system.email, system.password)).rejects.toThrow('401');
    expect((await before.request('GET', '/api/session')).status).toBe(401);
    await logIn(system.url, system.email, password);
    const shown = JSON.parse(await readFile(path.join(dataFolder, 'login.json'), 'utf8'));
    expect(shown).toEqual({ email: system.email, password });
    currentPassword = password;
  });

  test('commands beside the system never make a data folder', async () => {
    const nowhere = path.join(folder, 'nowhere');
    for (const command of [['tenant', 'list'], ['migrate']]) {
      const ended = await followme([...command, '--data', nowhere]);
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain(nowhere);
    }
    await expect(stat(nowhere)).rejects.toThrow('ENOENT');
  });

  test('simulate registers a fleet, reports, and its trackers are on the API', async () => {
    const ended = await followme(
      [
        'simulate',
        '--port',
        String(system.devicePort),
        '--trackers',
        '5',
        '--interval',
        '1',
        '--seconds',
        '4',
      ].concat(['--seed', 'cli', '--register', system.url, '--email', system.email]),
      '',
      { FOLLOWME_PASSWORD: currentPassword },
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const last = jsonLines(ended).at(-1) as { sent: number; acknowledged: number };
    expect(last.sent).toBeGreaterThan(10);
    expect(last.acknowledged).toBeGreaterThan(0);
    const api = await logIn(system.url, system.email, currentPassword);
    const { items } = await api.must<{ items: { id: number }[] }>(
      'GET',
      '/api/trackers?search=Simulated',
    );
    expect(items).toHaveLength(5);
    const trail = await api.must<{ items: unknown[] }>(
      'GET',
      `/api/trackers/${items[0]?.id}/positions`,
    );
    expect(trail.items.length).toBeGreaterThan(0);
  });

  test('a device nobody registered is listed for the provider', async () => {
    const fleet = ['--seed', 'strangers', '--trackers', '2', '--interval', '1', '--seconds', '3'];
    const ended = await followme(['simulate', '--port', String(system.devicePort), ...fleet]);
    expect(jsonLines(ended).at(-1)).toMatchObject({ acknowledged: 0 });
    const api = await logIn(system.url, system.email, currentPassword);
    const endMs = performance.now() + 20_000;
    let items: unknown[] = [];
    while (items.length < 2 && performance.now() < endMs) {
      ({ items } = await api.must<{ items: unknown[] }>('GET', '/api/unknown-devices'));
    }
    expect(items).toHaveLength(2);
  });

  test('lanes tells that this process reads every lane', async () => {
    const told = await followme(['lanes', '--data', dataFolder]);
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toMatch(/^geofence +16 lanes {2}\S+ {2}\[0,1,.*15\]$/m);
    const lanes = jsonLines(await followme(['lanes', '--data', dataFolder, '--json']));
    const geofence = lanes.filter((lane) => (lane as { consumer: string }).consumer === 'geofence');
    expect(geofence).toHaveLength(16);
  });

  test('migrate and doctor look at the running system', async () => {
    const migrated = await followme(['migrate', '--data', dataFolder]);
    expect(migrated).toMatchObject({ code: 0, stderr: '' });
    const port = new URL(system.url).port;
    const doctor = await followme([
      'doctor',
      '--data',
      dataFolder,
      '--port',
      port,
      '--device-ports',
      '0',
    ]);
    expect(doctor.code).toBe(0);
    expect(doctor.stdout).toMatch(/^ok\s+Web port: .*the system runs/m);
    expect(doctor.stdout).toMatch(/^ok\s+Database/m);
    expect(doctor.stdout).toMatch(/^ok\s+Lanes: (\d+) of \1 are read, by 1 process/m);
  });
});
