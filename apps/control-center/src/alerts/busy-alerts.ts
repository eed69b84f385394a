/** Alerts something is being done with; one stands here once for each deed, so that none ends another's mark. */
export type BusyAlerts = readonly number[];

/** The alerts after a deed began with one, or ended. */
export function changeBusy(busy: BusyAlerts, alertId: number, isBusy: boolean): BusyAlerts {
  if (isBusy) return [...busy, alertId];
  const ended = busy.indexOf(alertId);
  return busy.filter((_, index) => index !== ended);
}
