/** Crossings of places over HTTP. */
import type { EventPage } from '@followme/contracts';
import { type Crossing, parseCrossing } from '../live/socket-frames.ts';
import { requestJson } from './client.ts';

const SHOWN = 200;

/** The crossings of one tracker since a time, newest first, up to a bound. @throws ApiError */
export async function fetchTrackerCrossings(
  trackerId: number,
  fromMs: number,
  signal: AbortSignal,
): Promise<readonly Crossing[]> {
  const query = new URLSearchParams({
    trackerId: String(trackerId),
    from: new Date(fromMs).toISOString(),
    limit: String(SHOWN),
  });
  const page = await requestJson<EventPage>(`/api/events?${query}`, { signal });
  return page.items.map(parseCrossing).filter((crossing) => crossing !== null);
}
