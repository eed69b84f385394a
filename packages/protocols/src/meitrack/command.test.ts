import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCommand, parseLocateQuery } from './command.ts';
import { encodeReply } from './reply.ts';

const IMEI = '861234567890123';
const encoded = (identity: string) => encodeCommand('locate', identity)?.toString('latin1') ?? null;

describe('the query for the present position', () => {
  test('is identity and command between header and checksum, without content', () => {
    const frame = encodeReply({ flag: 'Q', identity: IMEI, command: 'A10' });
    expect(frame.toString('latin1')).toBe(`@@Q25,${IMEI},A10*6D\r\n`);
    expect(encoded(IMEI)).toBe(`@@L25,${IMEI},A10*68\r\n`);
  });

  test('is read by the device it is for', () => {
    const frame = encodeCommand('locate', IMEI) ?? Buffer.alloc(0);
    expect(parseLocateQuery(frame)).toBe(IMEI);
    const wrong = Buffer.from(frame);
    wrong[10] = (wrong[10] ?? 0) ^ 1;
    expect(parseLocateQuery(wrong)).toBeNull();
    expect(parseLocateQuery(Buffer.from(`@@L26,${IMEI},A10*69\r\n`))).toBeNull();
    expect(
      parseLocateQuery(encodeReply({ flag: 'A', identity: IMEI, command: 'CCC', content: '1' })),
    ).toBeNull();
  });

  test.each(['', `${IMEI},C01,0`, 'A*B', 'A\r\n@@', '1234567890123456789012345', 'imei é'])(
    'is not made for %j, which would break out of its field',
    (identity) => expect(encoded(identity)).toBeNull(),
  );

  test('whatever the identity, a frame has one line, three fields and one star', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (identity) => {
        const frame = encoded(identity);
        if (frame === null) return;
        expect(frame.split(',')).toHaveLength(3);
        expect(frame.split('*')).toHaveLength(2);
        expect(frame.indexOf('\r\n')).toBe(frame.length - 2);
        expect(parseLocateQuery(Buffer.from(frame, 'latin1'))).toBe(identity);
      }),
    );
  });
});
