/**
 * Checks the parts of a request against their schemas. Bodies are taken as they are; in paths and queries,
 * where everything is text, whole numbers are read where the schema wants integers, and nothing else is
 * guessed: `1.5`, `1e3` and ` 1` stay text and are refused.
 */
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Errors } from 'typebox/value';
import { meantSchema } from './meant-schema.ts';

const WHOLE_NUMBER = /^(0|-?[1-9]\d{0,14})$/;

/** Names of the integer fields of an object schema. */
function integerFields(schema: TSchema): readonly string[] {
  const { properties = {} } = schema as { properties?: Record<string, { type?: unknown }> };
  return Object.entries(properties)
    .filter(([, field]) => field.type === 'integer')
    .map(([name]) => name);
}

function readIntegers(value: unknown, fields: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const read: Record<string, unknown> = { ...value };
  for (const name of fields) {
    const text = read[name];
    if (typeof text === 'string' && WHOLE_NUMBER.test(text)) read[name] = Number(text);
  }
  return read;
}

/** What does not fit; of a union the complaints of the member that was meant. */
function errorsOf(schema: TSchema, value: unknown) {
  const errors = Errors(meantSchema(schema, value), value);
  // a value that fits what it meant and yet not the whole cannot be, but must not pass as without errors
  return errors.length > 0 ? errors : Errors(schema, value);
}

/** For `app.setValidatorCompiler`. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const checker = Compile(schema);
  const fields = httpPart === 'body' ? [] : integerFields(schema);
  return (value: unknown) => {
    const read = httpPart === 'body' ? value : readIntegers(value, fields);
    return checker.Check(read) ? { value: read } : { error: errorsOf(schema, read) };
  };
};
