import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { compileValidator } from './validator.ts';

const schema = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1 })), search: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
const validate = (httpPart: string, value: unknown) =>
  compileValidator({ schema, method: 'GET', url: '/', httpPart })(value);

describe('checking requests', () => {
  test('whole numbers of queries and paths are read, texts stay texts', () => {
    expect(validate('querystring', { limit: '5', search: '7' })).toEqual({
      value: { limit: 5, search: '7' },
    });
  });

  test.each(['1.5', '1e3', ' 1', '01', '+1', '0x1', '', 'true', '9'.repeat(16)])(
    'the text %j is no whole number',
    (limit) => {
      expect(validate('querystring', { limit })).toHaveProperty('error');
    },
  );

  test('a parameter given twice is refused', () => {
    expect(validate('querystring', { limit: ['1', '2'] })).toHaveProperty('error');
  });

  test('of a union only the complaints of the member that was meant are told', () => {
    const shape = Type.Union([
      Type.Object({ kind: Type.Literal('a'), n: Type.Integer() }, { additionalProperties: false }),
      Type.Object({ kind: Type.Literal('b'), s: Type.String() }, { additionalProperties: false }),
    ]);
    const union = Type.Object({
      shape,
      size: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    });
    const check = compileValidator({ schema: union, method: 'GET', url: '/', httpPart: 'body' });
    const placesOf = (body: unknown) => {
      const { error = [] } = check(body) as { error?: { instancePath: string; keyword: string }[] };
      return error.map(({ instancePath, keyword }) => [instancePath, keyword]);
    };
    expect(placesOf({ shape: { kind: 'b', s: 1 }, size: null })).toEqual([['/shape/s', 'type']]);
    expect(placesOf({ shape: { kind: 'a', n: 1 }, size: 0 })).toEqual([['/size', 'minimum']]);
    expect(placesOf({ shape: { kind: 'c' }, size: 1 })).toContainEqual(['/shape', 'anyOf']);
    expect(placesOf({ shape: null, size: 1 })).not.toEqual([]);
  });

  test('in a body nothing is converted', () => {
    expect(validate('body', { limit: '5' })).toHaveProperty('error');
    expect(validate('body', { limit: 5 })).toEqual({ value: { limit: 5 } });
  });
});
