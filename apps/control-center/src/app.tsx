import type { SessionReply } from '@followme/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import { useState } from 'react';
import { fetchSession, logOut } from './api/client.ts';
import { forgetDrafts, ownDrafts } from './browser/draft-memory.ts';
import { mayHaveSession, noteSession } from './browser/session-hint.ts';
import { messages } from './messages/messages.ts';
import { Button } from './ui/button.tsx';
import { StateMessage } from './ui/state-message.tsx';
import { clearToasts } from './ui/toasts.tsx';
import { SignedInApp } from './shell/signed-in-app.tsx';
import styles from './app.module.css';
import { LoginPage } from './views/login/login-page.tsx';

const SESSION_KEY = ['session'];
/** What is the same for whoever sits here: names of places, and how the customer looks. */
const ANYBODYS: ReadonlySet<string> = new Set(['places', 'branding']);

async function restoreSession(signal: AbortSignal): Promise<SessionReply | null> {
  if (!mayHaveSession()) return null;
  const session = await fetchSession(signal);
  noteSession(session !== null);
  // in another tab somebody else may have logged in since
  if (session !== null) ownDrafts(session.user.id);
  return session;
}

/** Decides between the log-in page and the product, by the session of the cookie. */
export function App() {
  const queryClient = useQueryClient();
  const [notice, setNotice] = useState('');
  const session = useQuery({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => restoreSession(signal),
    staleTime: Infinity,
  });

  function enter(next: SessionReply): void {
    setNotice('');
    noteSession(true);
    ownDrafts(next.user.id);
    queryClient.setQueryData(SESSION_KEY, next);
  }

  function leave(reason: string): void {
    setNotice(reason);
    noteSession(false);
    // nothing of one person may be seen by the next
    clearToasts();
    queryClient.removeQueries({ predicate: ({ queryKey }) => !ANYBODYS.has(String(queryKey[0])) });
    queryClient.setQueryData(SESSION_KEY, null);
  }

  async function onLogOut(): Promise<void> {
    // when the server cannot be reached the cookie stays, but the screen is closed at once
    await logOut().catch(() => undefined);
    leave(messages.login.loggedOut);
    // after an expiry they stay for the same person
    forgetDrafts();
  }

  if (session.isPending) {
    return <p className={styles['opening']}>{messages.session.restoring}</p>;
  }
  if (session.isError) {
    const { failedTitle, failedText } = messages.session;
    return (
      <main className={styles['centre']}>
        <StateMessage icon={CloudOff} title={failedTitle} text={failedText}>
          <Button onClick={() => void session.refetch()}>{messages.trackers.tryAgain}</Button>
        </StateMessage>
      </main>
    );
  }
  if (session.data === null) return <LoginPage notice={notice} onLoggedIn={enter} />;
  return (
    <SignedInApp
      session={session.data}
      onLogOut={() => void onLogOut()}
      onExpired={() => leave(messages.login.expired)}
    />
  );
}
