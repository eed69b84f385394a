/**
 * Which member of a union a value means. A checker asked about a union answers with the complaints of all its
 * members; people are told only those of the one they meant.
 */
import type { TSchema } from 'typebox';

interface Shape {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly anyOf?: readonly TSchema[];
  readonly properties?: Readonly<Record<string, TSchema>>;
}

/** What a schema says as plain JSON Schema. */
const shapeOf = (schema: TSchema): Shape => schema;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value could have been made for this member: by being null or not, and by its `kind`. */
function couldMean(member: TSchema, value: unknown): boolean {
  const { type, const: only, properties } = shapeOf(member);
  if (type === 'null') return value === null;
  if (only !== undefined) return value === only;
  const kind = properties?.['kind'];
  if (kind === undefined) return value !== null;
  return isRecord(value) && shapeOf(kind).const === value['kind'];
}

/** The schema with each union replaced by the member this value means, where exactly one comes into question. */
export function meantSchema(schema: TSchema, value: unknown): TSchema {
  const { anyOf, properties } = shapeOf(schema);
  if (anyOf !== undefined) {
    const [member, ...others] = anyOf.filter((candidate) => couldMean(candidate, value));
    return member === undefined || others.length > 0 ? schema : meantSchema(member, value);
  }
  if (properties === undefined || !isRecord(value)) return schema;
  const meant = Object.entries(properties).map(([name, field]) => [
    name,
    Object.hasOwn(value, name) ? meantSchema(field, value[name]) : field,
  ]);
  return { ...schema, properties: Object.fromEntries(meant) };
}
