import type { SessionReply } from '@followme/contracts';
import { CircleAlert, Eye, EyeOff, Globe, Info } from 'lucide-react';
import { type FormEvent, type Ref, useEffect, useRef, useState } from 'react';
import { ApiError, logIn } from '../../api/client.ts';
import { BrandLogo } from '../../brand/brand-logo.tsx';
import { useBranding, useBrandingState } from '../../brand/use-branding.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { LoginBackdrop } from './login-backdrop.tsx';
import styles from './login-page.module.css';

interface Props {
  /** Why the page is shown, when there is a reason to tell; else empty. */
  readonly notice: string;
  readonly onLoggedIn: (session: SessionReply) => void;
}

const text = messages.login;
const NO_TENANT = 'TENANT_NOT_FOUND';

function explain(error: unknown): string {
  if (!(error instanceof ApiError) || error.status === 0) return text.unreachable;
  if (error.code === NO_TENANT) return text.nobodyHereText(location.hostname);
  if (error.status === 401 || error.status === 400) return text.failed;
  if (error.status === 429) return text.tooMany;
  return error.status === 503 ? text.overloaded : text.refused;
}

/** The page of a customer who is not logged in: its name, logo and colours, and the way in. */
export function LoginPage(props: Props) {
  const { error } = useBrandingState();
  const isNobodys = error instanceof ApiError && error.code === NO_TENANT;
  return (
    <div className={styles['page']}>
      <LoginBackdrop />
      <main className={styles['box']}>{isNobodys ? <NobodyHere /> : <LoginForm {...props} />}</main>
      <footer className={styles['foot']}>
        <LanguageChoice />
      </footer>
    </div>
  );
}

/** No customer answers at this host name: nothing can be entered that would help. */
function NobodyHere() {
  return (
    <StateMessage
      icon={Globe}
      title={text.nobodyHereTitle}
      text={text.nobodyHereText(location.hostname)}
    >
      <Button onPress={() => location.reload()}>{text.tryAgain}</Button>
    </StateMessage>
  );
}

/** What is wrong: with a field, or with both together. */
interface Failure {
  readonly field: 'email' | 'password' | null;
  readonly text: string;
}

/** What is missing; null when both are there. */
function missing(email: string, password: string): Failure | null {
  if (email === '') return { field: 'email', text: text.missingEmail };
  return password === '' ? { field: 'password', text: text.missingPassword } : null;
}

/** Logging in with what stands in the two fields. */
function useLogIn(onLoggedIn: Props['onLoggedIn']) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const emailRef = useRef<HTMLInputElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);

  function refuse(reason: Failure): void {
    setFailure(reason);
    (reason.field === 'email' ? emailRef : passwordRef).current?.focus();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    // read from the fields: what a password manager filled in may have told nobody
    const email = emailRef.current?.value.trim() ?? '';
    const password = passwordRef.current?.value ?? '';
    const lack = missing(email, password);
    if (lack !== null) return refuse(lack);
    setBusy(true);
    setFailure(null);
    try {
      const { user, tenant } = await logIn(email, password);
      onLoggedIn({ user, tenant });
    } catch (error) {
      setBusy(false);
      refuse({ field: null, text: explain(error) });
      passwordRef.current?.select();
    }
  }

  return { failure, isBusy, emailRef, passwordRef, submit };
}

/** E-mail and password, with an answer to everything that may go wrong. */
function LoginForm({ notice, onLoggedIn }: Props) {
  const { name } = useBranding();
  useEffect(() => {
    document.title = name;
  }, [name]);
  const { failure, isBusy, emailRef, passwordRef, submit } = useLogIn(onLoggedIn);
  const errorOf = (field: 'email' | 'password') =>
    failure?.field === field ? failure.text : undefined;
  return (
    <>
      <Welcome name={name} notice={failure === null ? notice : ''} />
      <form
        className={styles['form']}
        onSubmit={(event) => void submit(event)}
        noValidate
        aria-busy={isBusy}
      >
        <TextField
          label={text.email}
          className={styles['field']}
          type="email"
          name="email"
          autoComplete="username"
          spellCheck="false"
          autoFocus
          errorMessage={errorOf('email')}
          inputRef={emailRef}
        />
        <PasswordField errorMessage={errorOf('password')} inputRef={passwordRef} />
        <p className={styles['failure']} role="alert">
          {failure !== null && failure.field === null && (
            <>
              <CircleAlert size={16} aria-hidden="true" />
              {failure.text}
            </>
          )}
        </p>
        <Button
          type="submit"
          kind="primary"
          size="large"
          className={styles['submit']}
          isPending={isBusy}
        >
          {isBusy ? text.busy : text.submit}
        </Button>
      </form>
    </>
  );
}

interface WelcomeProps {
  readonly name: string;
  /** Why the page is shown; empty when there is nothing to tell. */
  readonly notice: string;
}

/** Whose page this is. */
function Welcome({ name, notice }: WelcomeProps) {
  return (
    <>
      <BrandLogo size={44} />
      <h1 className={styles['title']}>
        <bdi>{name}</bdi>
      </h1>
      <p className={styles['subtitle']}>{text.subtitle}</p>
      {notice !== '' && (
        <p className={styles['notice']} role="status">
          <Info size={16} aria-hidden="true" />
          {notice}
        </p>
      )}
    </>
  );
}

interface PasswordProps {
  readonly errorMessage: string | undefined;
  readonly inputRef: Ref<HTMLInputElement>;
}

/** The password, hidden until asked for. */
function PasswordField({ errorMessage, inputRef }: PasswordProps) {
  const [isShown, setShown] = useState(false);
  const reveal = (
    <IconButton
      size="small"
      label={isShown ? text.hidePassword : text.showPassword}
      aria-pressed={isShown}
      onPress={() => setShown(!isShown)}
    >
      {isShown ? <EyeOff size={18} /> : <Eye size={18} />}
    </IconButton>
  );
  return (
    <TextField
      label={text.password}
      className={styles['field']}
      type={isShown ? 'text' : 'password'}
      name="password"
      autoComplete="current-password"
      errorMessage={errorMessage}
      inputRef={inputRef}
      suffix={reveal}
    />
  );
}
