import { trustedId, type TrackerId } from '@followme/model';
import { describe, expect, test } from 'vitest';
import { FENCE_EVENT_NAMESPACE, fenceEventId, uuidV5 } from './event-id.ts';

describe('event ids', () => {
  test('GF17 version 5 of the name as RFC 9562 computes it (its example A.4)', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  test('GF17 the id follows from tracker and number alone', () => {
    const id = trustedId<TrackerId>(7);
    expect(fenceEventId(id, 1)).toBe(uuidV5(FENCE_EVENT_NAMESPACE, '7/1'));
    expect(fenceEventId(id, 1)).not.toBe(fenceEventId(id, 2));
  });
});
