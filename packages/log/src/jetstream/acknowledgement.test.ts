import { headers } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { parseAcknowledgement, type Acknowledgement } from './acknowledgement.ts';

const parse = (text: string): Acknowledgement => parseAcknowledgement({ data: Buffer.from(text) });

const error = (err_code: number, description: string): string =>
  JSON.stringify({ error: { code: 503, err_code, description }, stream: 's', seq: 0 });

test.each<[string, Acknowledgement]>([
  ['{"stream":"s","seq":7}', { type: 'stored', sequence: 7, duplicate: false }],
  ['{"stream":"s","seq":7,"duplicate":true}', { type: 'stored', sequence: 7, duplicate: true }],
  [error(10_071, 'wrong last sequence: 4'), { type: 'conflict' }],
  [error(10_008, 'temporarily unavailable'), { type: 'later', reason: 'temporarily unavailable' }],
  [error(10_167, 'too many requests'), { type: 'later', reason: 'too many requests' }],
  [
    error(10_158, 'duplicate message id is in process'),
    { type: 'later', reason: 'duplicate message id is in process', isIdHeld: true },
  ],
  [error(10_164, 'wrong last sequence'), { type: 'later', reason: 'wrong last sequence' }],
  [
    '{"error":{"code":503,"description":"raft: not leader"}}',
    { type: 'later', reason: 'raft: not leader' },
  ],
  [error(10_077, 'maximum bytes exceeded'), { type: 'refused', reason: 'maximum bytes exceeded' }],
  ['+OK', { type: 'later', reason: 'an answer that is not JSON' }],
  ['{"stream":"s"}', { type: 'later', reason: 'an answer without a sequence', isIdHeld: true }],
])('%s is understood', (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test('an empty answer says that nobody holds the stream', () => {
  const answer = { data: new Uint8Array(0), headers: headers(503, 'No Responders') };
  expect(parseAcknowledgement(answer)).toEqual({ type: 'later', reason: '503 No Responders' });
});
