import type { SessionReply } from '@followme/contracts';
import { CircleAlert, Eye, EyeOff, Info } from 'lucide-react';
import { type FormEvent, type RefObject, useRef, useState } from 'react';
import { ApiError, logIn } from '../../api/client.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Logo } from '../../ui/logo.tsx';
import { LoginBackdrop } from './login-backdrop.tsx';
import styles from './login-page.module.css';

interface Props {
  /** Why the page is shown, when there is a reason to tell; else empty. */
  readonly notice: string;
  readonly onLoggedIn: (session: SessionReply) => void;
}

const text = messages.login;

function explain(error: unknown): string {
  if (!(error instanceof ApiError) || error.status === 0) return text.unreachable;
  if (error.status === 401 || error.status === 400) return text.failed;
  return error.status === 429 ? text.tooMany : text.refused;
}

/** E-mail and password, with an answer to everything that may go wrong. */
export function LoginPage({ notice, onLoggedIn }: Props) {
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const emailRef = useRef<HTMLInputElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const email = emailRef.current?.value.trim() ?? '';
    const password = passwordRef.current?.value ?? '';
    if (email === '' || password === '') {
      setFailure(email === '' ? text.missingEmail : text.missingPassword);
      (email === '' ? emailRef : passwordRef).current?.focus();
      return;
    }
    setBusy(true);
    setFailure('');
    try {
      const { user, tenant } = await logIn(email, password);
      onLoggedIn({ user, tenant });
    } catch (error) {
      setFailure(explain(error));
      setBusy(false);
      passwordRef.current?.select();
    }
  }

  return (
    <div className={styles['page']}>
      <LoginBackdrop />
      <main className={styles['box']}>
        <Logo size={44} />
        <h1 className={styles['title']}>{text.title}</h1>
        <p className={styles['subtitle']}>{text.subtitle}</p>
        {notice !== '' && failure === '' && (
          <p className={styles['notice']} role="status">
            <Info size={16} aria-hidden="true" />
            {notice}
          </p>
        )}
        <form onSubmit={(event) => void submit(event)} noValidate aria-busy={busy}>
          <label className={styles['label']} htmlFor="email">
            {text.email}
          </label>
          <input
            ref={emailRef}
            id="email"
            className={styles['field']}
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            aria-invalid={failure !== ''}
            aria-describedby="login-failure"
          />
          <PasswordField fieldRef={passwordRef} invalid={failure !== ''} />
          <Failure text={failure} />
          <Button
            type="submit"
            kind="primary"
            size="large"
            className={styles['submit']}
            isPending={busy}
          >
            {busy ? text.busy : text.submit}
          </Button>
        </form>
      </main>
    </div>
  );
}

interface PasswordProps {
  readonly fieldRef: RefObject<HTMLInputElement | null>;
  readonly invalid: boolean;
}

/** The password, hidden until asked for. */
function PasswordField({ fieldRef, invalid }: PasswordProps) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <label className={styles['label']} htmlFor="password">
        {text.password}
      </label>
      <div className={styles['secret']}>
        <input
          ref={fieldRef}
          id="password"
          className={styles['field']}
          type={shown ? 'text' : 'password'}
          autoComplete="current-password"
          aria-invalid={invalid}
          aria-describedby="login-failure"
        />
        <IconButton
          className={styles['reveal']}
          label={shown ? text.hidePassword : text.showPassword}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={18} /> : <Eye size={18} />}
        </IconButton>
      </div>
    </>
  );
}

/** Always there, so that its text is read aloud when it appears. */
function Failure({ text: failure }: { readonly text: string }) {
  return (
    <p id="login-failure" className={styles['failure']} role="alert">
      {failure !== '' && (
        <>
          <CircleAlert size={16} aria-hidden="true" />
          {failure}
        </>
      )}
    </p>
  );
}
