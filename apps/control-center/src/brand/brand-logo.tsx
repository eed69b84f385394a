import { useState } from 'react';
import { Logo } from '../ui/logo.tsx';
import styles from './brand-logo.module.css';
import { useBranding } from './use-branding.ts';

interface Props {
  /** Height in pixels; a wide logo is up to four times as wide. */
  readonly size: number;
  /** Only a square fits: a wide logo is made smaller. */
  readonly isSquare?: boolean;
}

/** The logo of the customer, or our sign in its colours. The name stands beside it in words. */
export function BrandLogo({ size, isSquare = false }: Props) {
  const { logoUrl } = useBranding();
  const [failedUrl, setFailedUrl] = useState<string | null>(null);
  if (logoUrl === null || logoUrl === failedUrl) return <Logo size={size} />;
  return (
    <img
      className={styles['logo']}
      src={logoUrl}
      alt=""
      style={{ blockSize: size, ...(isSquare ? { inlineSize: size } : {}) }}
      onError={() => setFailedUrl(logoUrl)}
    />
  );
}
