import { type RefObject, useEffect, useRef, useState } from 'react';

/** What can be wrong, in the order it stands on the page. */
const WRONG = [
  '[aria-invalid="true"]',
  '[data-invalid] input',
  '[data-invalid] button',
  '[role="alert"]',
].join(', ');

/**
 * Moves the focus to the first field that is wrong, after a form was refused by us or by the server.
 * Answers the ref of the form and what to call when it was refused.
 */
export function useFirstError<E extends HTMLElement>(): {
  readonly formRef: RefObject<E | null>;
  readonly showFirstError: () => void;
} {
  const formRef = useRef<E>(null);
  const [refusals, setRefusals] = useState(0);
  useEffect(() => {
    if (refusals === 0) return;
    const field = formRef.current?.querySelector<HTMLElement>(WRONG);
    field?.focus();
    field?.scrollIntoView({ block: 'nearest' });
  }, [refusals]);
  return { formRef, showFirstError: () => setRefusals((count) => count + 1) };
}
