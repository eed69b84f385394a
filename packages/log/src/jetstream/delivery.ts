/** What the reply address of a delivered record says about it. */

/** Where a delivered message stands, as its reply subject tells. */
export interface Delivery {
  /** Name of the consumer it was delivered for. */
  readonly consumer: string;
  /** Sequence in the stream. */
  readonly sequence: number;
  /** Count of deliveries of this consumer: without a gap when nothing was lost on the way. */
  readonly deliveryNumber: number;
  /** When the server stored it, ms since 1970 UTC. */
  readonly storedTimeMs: number;
}

/** `$JS.ACK.<stream>.<consumer>.<tries>.<sequence>.<delivery>.<time>.<pending>` */
const SHORT_PARTS = 9;
/** Newer servers put a domain and an account before the stream, and may put more behind. */
const LONG_PARTS = 11;
const NANOSECOND_DIGITS = 6;

/** Reads a reply address; null when it is none of a delivery. */
export function parseDelivery(reply: string): Delivery | null {
  const parts = reply.split('.');
  if (parts[0] !== '$JS' || parts[1] !== 'ACK') return null;
  if (parts.length < SHORT_PARTS || parts.length === SHORT_PARTS + 1) return null;
  const first = parts.length >= LONG_PARTS ? 7 : 5;
  const [sequence = '', deliveryNumber = '', time = ''] = parts.slice(first, first + 3);
  const delivery = {
    consumer: parts[first - 2] ?? '',
    sequence: Number(sequence),
    deliveryNumber: Number(deliveryNumber),
    storedTimeMs: Number(time.slice(0, -NANOSECOND_DIGITS)),
  };
  return Number.isSafeInteger(delivery.sequence) &&
    delivery.sequence > 0 &&
    Number.isSafeInteger(delivery.deliveryNumber) &&
    delivery.storedTimeMs > 0
    ? delivery
    : null;
}
