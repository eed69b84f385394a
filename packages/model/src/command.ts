/**
 * What people may ask of a device: `locate`, a report of the present position, now. Every family says in
 * `packages/protocols` how its devices are told, or that they cannot be.
 */
export type CommandKind = 'locate';
