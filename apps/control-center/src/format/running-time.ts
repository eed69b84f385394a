const SECOND_MS = 1000;

/** A clock that runs: `0:48`, `12:05`, from an hour on `1:02:05`. Negative counts as zero. */
export function formatRunning(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / SECOND_MS));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const rest = pad(seconds % 60);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${rest}`;
}
