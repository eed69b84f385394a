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

  test('in a body nothing is converted', () => {
    expect(validate('body', { limit: '5' })).toHaveProperty('error');
    expect(validate('body', { limit: 5 })).toEqual({ value: { limit: 5 } });
  });
});
