/** Tells a CPU profile of the main thread apart by stage: each sample goes to the innermost folder of ours. */

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** As the inspector's `Profiler.stop` answers it. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** First match wins. */
const STAGES: readonly (readonly [stage: string, where: RegExp])[] = [
  ['decode', /\/packages\/protocols\//],
  ['append', /\/services\/tracker\/\w+\/(?:append|identify|validate)\/|\/packages\/log\//],
  [
    'record',
    /\/services\/tracker\/\w+\/record\/|\/packages\/store\/\w+\/postgres\/(?:position|last)\//,
  ],
  ['receive', /\/services\/tracker\//],
  ['judge', /\/services\/geofence\/|\/packages\/geo\/|\/geofence-state\//],
  ['live', /\/services\/client\//],
  ['database driver', /\/node_modules\/(?:pg|pg-[\w-]+|kysely)\/|\/packages\/store\//],
];

function stageOf({ callFrame }: ProfileNode): string | null {
  const { functionName, url } = callFrame;
  if (functionName === '(idle)') return 'idle';
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'runtime';
  if (/onStreamRead|onconnection/.test(functionName)) return 'receive';
  return STAGES.find(([, where]) => where.test(url))?.[0] ?? null;
}

/** Microseconds of each stage; what belongs to none is `runtime`, idle time is left out. */
export function microsecondsByStage(profile: CpuProfile): Map<string, number> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map<number, number>();
  for (const node of profile.nodes)
    for (const child of node.children ?? []) parents.set(child, node.id);
  const stages = new Map<number, string>();
  const resolve = (id: number): string => {
    const known = stages.get(id);
    if (known !== undefined) return known;
    const node = nodes.get(id);
    const parent = parents.get(id);
    const own = node === undefined ? 'runtime' : stageOf(node);
    const stage = own ?? (parent === undefined ? 'runtime' : resolve(parent));
    stages.set(id, stage);
    return stage;
  };
  const sums = new Map<string, number>();
  for (const [index, id] of profile.samples.entries()) {
    const stage = resolve(id);
    if (stage === 'idle') continue;
    sums.set(stage, (sums.get(stage) ?? 0) + (profile.timeDeltas[index] ?? 0));
  }
  return sums;
}

/** The functions with the most time of their own, as `µs function file`, for whoever tunes. */
export function busiestFunctions(profile: CpuProfile, count: number): string[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const sums = new Map<string, number>();
  for (const [index, id] of profile.samples.entries()) {
    const frame = nodes.get(id)?.callFrame;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const name = `${frame.functionName || '(anonymous)'} ${frame.url.split('/').slice(-3).join('/')}`;
    sums.set(name, (sums.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
  }
  return [...sums]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([name, us]) => `${String(us).padStart(9)} ${name}`);
}
