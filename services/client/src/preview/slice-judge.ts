/** Judges the fixes of one slice by one fence, with the index and the judge of the operator. */
import {
  createFenceIndex,
  FenceMatches,
  judgeFix,
  type FenceIndex,
  type JudgedTracker,
} from '@followme/geo';
import {
  trustedId,
  type FenceId,
  type FenceShape,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import type { FixNear } from '@followme/store';
import type { Stretch } from './stretch.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** A tracker whose fixes are being judged. */
interface Judged {
  readonly state: Open<JudgedTracker>;
  readonly stretch: Open<Stretch>;
}

/** The index of the fence that is asked about, and of no other. */
export function indexOfShape(tenantId: TenantId, shape: FenceShape): FenceIndex {
  // it is not saved: it has no id yet, and nobody sees this one
  const fenceId = trustedId<FenceId>(1);
  return createFenceIndex([{ tenantId, fenceId, name: '', version: 1, groupIds: null, shape }]);
}

export class SliceJudge {
  readonly #tenantId: TenantId;
  readonly #index: FenceIndex;
  readonly #found = new FenceMatches();
  #now: Judged | null = null;

  constructor(tenantId: TenantId, index: FenceIndex) {
    this.#tenantId = tenantId;
    this.#index = index;
  }

  /**
   * Judges `fixes`, each tracker's in one row and in the order of time, and adds what it did to `stretches`. A
   * tracker's first fix says where it stands, not that it came.
   * @returns how many fixes the trackers have in all.
   */
  judge(fixes: readonly FixNear[], stretches: Map<TrackerId, Stretch>): number {
    let positions = 0;
    let seen = 0;
    this.#now = null;
    for (const fix of fixes) {
      const now = this.#now as Judged | null;
      this.#index.query(fix.lon, fix.lat, this.#found);
      if (now === null || now.state.trackerId !== fix.trackerId) {
        positions += seen;
        this.#begin(fix, stretches);
      } else this.#goOn(now, fix);
      ({ seen } = fix);
    }
    return positions + seen;
  }

  #begin({ trackerId, fixTimeMs }: FixNear, stretches: Map<TrackerId, Stretch>): void {
    const inside = this.#found.toArray();
    const isInside = inside.length > 0;
    const place = { lonE7: 0, latE7: 0 };
    this.#now = {
      state: {
        tenantId: this.#tenantId,
        trackerId,
        eventSeq: 0,
        lastFixTimeMs: fixTimeMs,
        ...place,
        inside,
      },
      stretch: {
        startsInside: isInside,
        endsInside: isInside,
        wasInside: isInside,
        entries: 0,
        exits: 0,
      },
    };
    stretches.set(trackerId, this.#now.stretch);
  }

  #goOn({ state, stretch }: Judged, { fixTimeMs }: FixNear): void {
    // the statement that read it leaves out what is invalid, and intake what a clock made up
    const fix = { fixTimeMs, receivedTimeMs: fixTimeMs, valid: true };
    const judgement = judgeFix(state, fix, this.#found);
    if (judgement.outcome === 'ignored') return;
    state.lastFixTimeMs = fixTimeMs;
    if (judgement.outcome === 'stayed') return;
    state.inside = judgement.inside;
    stretch.endsInside = judgement.inside.length > 0;
    stretch.wasInside ||= stretch.endsInside;
    for (const { kind } of judgement.crossings) {
      if (kind === 'enter') stretch.entries += 1;
      else stretch.exits += 1;
    }
  }
}
