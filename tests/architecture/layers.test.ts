/** The folder table of the architecture as a test: who may import whom. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Libraries, lowest first: each may import only those before it. */
const PACKAGES = [
  'model',
  'geo',
  'protocols',
  'contracts',
  'platform',
  'log',
  'store',
  'simulator',
  'testkit',
];
const SERVICES = ['tracker', 'geofence', 'notification', 'client'];
const APPS = ['followme', 'control-center', 'member'];
/** Pure packages: no input or output of their own. */
const PURE = ['model', 'geo', 'protocols', 'contracts'];
const PURE_BUILTINS = new Set(['node:crypto']);
/** Only here may time and chance come from the machine. */
const MACHINE_CALLS =
  /\bDate\.now\(|\bMath\.random\(|(?<![.\w])set(?:Timeout|Interval)\(|new Date\(\)/;

interface Source {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sourcesOf(folder: string): Source[] {
  const absolute = path.join(root, folder);
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => {
      const text = readFileSync(file, 'utf8');
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
        (m) => m[1] ?? '',
      );
      return { file: path.relative(root, file), text, imports };
    });
}

/** Tests, benches, and what only they use. */
const isTest = ({ file }: Source): boolean =>
  /\.(test|bench|program)\.tsx?$|\/(?:fixtures|testing|contract)\/|\/contract\.ts$/.test(file);
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
const present = (parent: string): string[] =>
  readdirSync(path.join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

function workspaceImports(source: Source): string[] {
  return source.imports
    .filter((name) => name.startsWith('@followme/'))
    .map((name) => name.split('/')[1] ?? '');
}

describe('one direction', () => {
  test('every folder is one the architecture knows', () => {
    for (const name of present('packages')) expect(PACKAGES, `packages/${name}`).toContain(name);
    for (const name of present('services')) expect(SERVICES, `services/${name}`).toContain(name);
    for (const name of present('apps')) expect(APPS, `apps/${name}`).toContain(name);
  });

  test.each(present('packages'))('package %s imports only packages below it', (name) => {
    const allowed = PACKAGES.slice(0, PACKAGES.indexOf(name));
    for (const source of sourcesOf(`packages/${name}/src`)) {
      const mayUse = isTest(source) ? [...allowed, 'testkit', name] : allowed;
      for (const used of workspaceImports(source)) {
        expect(mayUse, `${source.file} imports ${used}`).toContain(used);
      }
    }
  });

  test.each(present('services'))('service %s imports no other service and no app', (name) => {
    for (const source of sourcesOf(`services/${name}/src`)) {
      for (const used of workspaceImports(source)) {
        const allowed = isTest(source) ? PACKAGES : PACKAGES.filter((p) => p !== 'testkit');
        expect(allowed, `${source.file} imports ${used}`).toContain(used);
      }
    }
  });

  test.each(PURE)('package %s does no input or output', (name) => {
    for (const source of sourcesOf(`packages/${name}/src`)) {
      if (isTest(source)) continue;
      const builtins = source.imports.filter((i) => i.startsWith('node:') && !PURE_BUILTINS.has(i));
      expect(builtins, source.file).toEqual([]);
    }
  });

  test('a package or service is entered by its door only', () => {
    const doors = /^@followme\/[a-z-]+(\/contract)?$/;
    for (const folder of ['packages', 'services', 'apps', 'tests']) {
      for (const source of sourcesOf(folder).filter(
        ({ file }) => !/node_modules|dist/.test(file),
      )) {
        for (const name of source.imports.filter((i) => i.startsWith('@followme/'))) {
          expect(name, source.file).toMatch(doors);
        }
        for (const name of source.imports.filter((i) => i.startsWith('../../../'))) {
          expect(name, `${source.file} reaches into another package`).not.toMatch(
            /(packages|services)\//,
          );
        }
      }
    }
  });
});

describe('what is banned', () => {
  const folders = [
    ...present('packages').map((name) => `packages/${name}/src`),
    ...present('services').map((name) => `services/${name}/src`),
    'apps/followme/src',
  ];
  const sources = folders.flatMap(sourcesOf);

  test('only the platform asks the machine for time and chance', () => {
    const offenders = sources
      .filter((s) => !isTest(s) && !/^packages\/(platform|testkit)\//.test(s.file))
      .filter(({ text }) => MACHINE_CALLS.test(withoutComments(text)));
    expect(offenders.map(({ file }) => file)).toEqual([]);
  });

  test('the client service never opens the system door', () => {
    const offenders = sources
      .filter(({ file }) => file.startsWith('services/client/'))
      .filter((source) => !isTest(source) && /\basSystem\b/.test(source.text));
    expect(offenders.map(({ file }) => file)).toEqual([]);
  });

  test('no barrel inside a package, no `any`', () => {
    for (const source of sources) {
      if (source.file.endsWith('/index.ts')) {
        expect(source.file).toMatch(/^(packages|services)\/[a-z-]+\/src\/index\.ts$/);
      }
      expect(withoutComments(source.text), source.file).not.toMatch(/\bas any\b|: any\b|<any>/);
    }
  });
});
