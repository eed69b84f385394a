interface Props {
  readonly size: number;
}

/** The product's own sign: an arrow on the way. */
export function Logo({ size }: Props) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--button)" />
      <path
        d="M22.6 8.2 17.9 24c-.3 1-1.7 1-2 .1l-2.3-6.2-6.3-2.4c-.9-.3-.9-1.6.1-1.9L21 7c.9-.3 1.8.4 1.6 1.2z"
        fill="var(--on-button)"
        stroke="var(--on-button)"
        strokeLinejoin="round"
      />
    </svg>
  );
}
