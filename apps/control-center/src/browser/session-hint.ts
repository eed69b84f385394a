/**
 * Remembers that somebody logged in here, so that a first visit does not ask the server for a session it
 * cannot have. Only a hint: the cookie, which no script can read, decides.
 */
const KEY = 'followme.session';

/** Whether there may be a session. True where storage is blocked: then only the server knows. */
export function mayHaveSession(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return true;
  }
}

/** Notes that there is a session, or that there is none any more. */
export function noteSession(exists: boolean): void {
  try {
    if (exists) localStorage.setItem(KEY, '1');
    else localStorage.removeItem(KEY);
  } catch {
    // storage is blocked: the server is asked at every start
  }
}
