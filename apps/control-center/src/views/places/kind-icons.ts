import { Circle, Hexagon, type LucideIcon, Route } from 'lucide-react';
import type { kindOf } from './place-facts.ts';

/** The picture of each kind of place, the same in the list and in the detail. */
export const KIND_ICONS: Readonly<Record<ReturnType<typeof kindOf>, LucideIcon>> = {
  area: Hexagon,
  circle: Circle,
  corridor: Route,
};
