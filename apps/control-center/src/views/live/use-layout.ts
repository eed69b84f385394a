import { useState } from 'react';
import { DOCKED, MEDIUM, useMedia, WIDE } from '../../hooks/use-media.ts';
import type { Padding } from '../../map/map-parts.ts';

/** How much of a phone's screen the sheet takes. */
export type SheetStop = 'low' | 'half' | 'full';

/** Where the handle of the sheet leads. */
export const NEXT_STOP: Readonly<Record<SheetStop, SheetStop>> = {
  low: 'half',
  half: 'full',
  full: 'low',
};
const DETAIL_PX = 368;
const OPEN_ACTIVITY_PX = 176;
const CLOSED_ACTIVITY_PX = 60;
const CHIPS_PX = 52;
const PHONE_TOP_PX = 60;
const PHONE_ACTIVITY_PX = 60;
const LOW_SHEET_PX = 96;
/** Top bar and tabs: what is neither map nor sheet. */
const BARS_PX = 109;

interface Covering {
  readonly detailFloats: boolean;
  /** Height of the activity at the lower edge. */
  readonly activityPx: number;
  readonly docked: boolean;
  readonly sheet: SheetStop;
}

function paddingOf({ detailFloats, activityPx, docked, sheet }: Covering): Padding {
  if (docked) {
    return { top: CHIPS_PX, right: detailFloats ? DETAIL_PX : 12, bottom: activityPx, left: 12 };
  }
  const sheetPx = sheet === 'low' ? LOW_SHEET_PX : window.innerHeight / 2 - BARS_PX;
  return { top: PHONE_TOP_PX, right: 12, bottom: sheetPx + PHONE_ACTIVITY_PX, left: 12 };
}

interface LayoutInput {
  readonly hasDetail: boolean;
  readonly isRinging: boolean;
}

export interface Layout {
  readonly sheet: SheetStop;
  readonly setSheet: (stop: SheetStop) => void;
  readonly activityOpen: boolean;
  readonly setActivityOpen: (open: boolean) => void;
  /** What the panels leave of the map. */
  readonly padding: Padding;
}

/** What is open and what that covers, for the width of the window; `isRinging`: a critical alert waits. */
export function useLayout({ hasDetail, isRinging }: LayoutInput): Layout {
  const medium = useMedia(MEDIUM);
  const docked = useMedia(DOCKED);
  const wide = useMedia(WIDE);
  const [activityOpen, setActivityOpen] = useState(wide);
  const [sheet, setSheet] = useState<SheetStop>('half');
  const [wasRinging, setWasRinging] = useState(false);
  if (isRinging !== wasRinging) {
    setWasRinging(isRinging);
    // where it happens matters more than the list; who opens the sheet again keeps it open
    if (isRinging && !hasDetail && sheet === 'half') setSheet('low');
  }
  const openPx = activityOpen ? OPEN_ACTIVITY_PX : CLOSED_ACTIVITY_PX;
  const activityPx = medium ? openPx : 12;
  const padding = paddingOf({ detailFloats: wide && hasDetail, activityPx, docked, sheet });
  return { sheet, setSheet, activityOpen, setActivityOpen, padding };
}
