/** What a fence would have seen, asked before it is saved. */
import {
  DEFAULT_PREVIEW_DAYS,
  FencePreviewBodySchema,
  FencePreviewSchema,
  type FencePreviewBody,
} from '@followme/contracts';
import { trustedId, type FenceShape, type GroupId, type TrackerId } from '@followme/model';
import { fixesNear, trackerIdsInService } from '@followme/store';
import { createAdmission, type AdmissionLimits } from '../admission.ts';
import { previewFence, type PreviewBudget } from '../preview/preview-fence.ts';
import { answer, refuse, type Answer } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { FENCE_LIMIT_BYTES } from './fence.ts';
import { parseGeometry } from './fence-geometry.ts';
import { shareOf } from './known-keys.ts';
import { defineRoute, type Caller, type Route } from './route.ts';
import { refuseUnseenGroups } from './unknown-ids.ts';
import { seesTracker, viewOf } from './visibility.ts';

/** Seconds of the store: few at once, and of one customer one. */
const PREVIEWS: AdmissionLimits = {
  kind: 'preview',
  atOnce: 2,
  perTenant: 1,
  waiting: 16,
  waitMs: 5_000,
};
const BUDGET: PreviewBudget = { positions: 2_000_000, ms: 4_000 };
const DAY_MS = 86_400_000;

/** The routes of this file. */
export function fencePreviewRoutes(deps: Pick<HttpDeps, 'clock' | 'metrics'>): readonly Route[] {
  const admission = createAdmission(deps, PREVIEWS);
  const preview = defineRoute({
    method: 'POST',
    url: '/api/fences/preview',
    access: 'operator',
    summary:
      'What a fence would have seen in the last days, of the trackers the session sees; nothing is saved',
    tag: 'fences',
    body: FencePreviewBodySchema,
    reply: FencePreviewSchema,
    bodyLimit: FENCE_LIMIT_BYTES,
    async handle({ caller, body, isGone }) {
      const shape = parseGeometry(body.geometry);
      if (!shape.ok) return refuse('FENCE_INVALID', shape.error);
      const leave = await admission.enter(shareOf(caller.session));
      if (leave === null) return refuse('OVERLOADED', { retryAfterS: 1 });
      try {
        const trackerIds = await trackersFor(caller, body.groupIds ?? null);
        if (trackerIds.kind === 'refused') return trackerIds;
        const period = periodOf(body, deps.clock.nowMs());
        const asked = { shape: shape.value, trackerIds: trackerIds.body, isGone, ...period };
        return await look(deps, caller, asked);
      } finally {
        leave();
      }
    },
  });
  return [preview];
}

function periodOf({ days = DEFAULT_PREVIEW_DAYS }: FencePreviewBody, nowMs: number) {
  return { fromMs: nowMs - days * DAY_MS, toMs: nowMs };
}

/** The trackers the fence would be for, as far as the caller sees them. */
function trackersFor(
  caller: Caller,
  ids: readonly number[] | null,
): Promise<Answer<readonly TrackerId[]>> {
  return caller.inTenant(async (tenant) => {
    const view = await viewOf(tenant, caller);
    const groupIds = ids === null ? null : ids.map((id) => trustedId<GroupId>(id));
    const unknown = await refuseUnseenGroups(tenant, view, groupIds ?? []);
    if (unknown !== null) return unknown;
    const trackerIds = await trackerIdsInService(tenant, groupIds);
    return answer(trackerIds.filter((trackerId) => seesTracker(view, trackerId)));
  });
}

interface Asked {
  readonly shape: FenceShape;
  readonly trackerIds: readonly TrackerId[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly isGone: () => boolean;
}

async function look({ clock }: Pick<HttpDeps, 'clock'>, caller: Caller, asked: Asked) {
  const seen = await previewFence(
    {
      clock,
      budget: BUDGET,
      read: (query) => caller.inTenant((tenant) => fixesNear(tenant, query)),
    },
    { tenantId: caller.session.tenantId, ...asked },
  );
  const { fromMs, toMs, ...counts } = seen;
  return answer({
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    ...counts,
  });
}
