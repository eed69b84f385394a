/** All links of a drill in one process of their own, told what to do by the drill. */
import { createRandom } from '@followme/platform';
import { answerParent } from '../child.ts';
import { Link, type Cut, type LinkMode, type LinkTarget } from './link.ts';

const random = createRandom('drill/links');
const links = new Map<string, Link>();

function linkOf(name: string): Link {
  const link = links.get(name);
  if (link === undefined) throw new Error(`There is no link ${name}`);
  return link;
}

answerParent({
  async add({ name, target }: { name: string; target: LinkTarget | null }) {
    const link = new Link(random, target);
    links.set(name, link);
    return link.listen();
  },
  lead: ({ name, target }: { name: string; target: LinkTarget | null }) =>
    linkOf(name).lead(target),
  enter({ names, mode }: { names: readonly string[]; mode: LinkMode }) {
    for (const name of names) linkOf(name).enter(mode);
  },
  cut({ names, how }: { names: readonly string[]; how: Cut }) {
    for (const name of names) linkOf(name).cut(how);
  },
});
