/** The fields of a partial update that were sent: what was left out is no field at all. */
export type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out the fields that are undefined. */
export function given<T extends object>(fields: T): Given<T> {
  // only undefined is taken away, so what remains has the type of its field
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<T>;
}
