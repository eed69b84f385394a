import { useEffect } from 'react';
import { showBrand } from './show-brand.ts';
import { useBrandingState } from './use-branding.ts';

/** Keeps colours and icon of the page those of the customer, as the server tells them. */
export function FollowBrand() {
  const { branding } = useBrandingState();
  useEffect(() => {
    if (branding !== null) showBrand(branding);
  }, [branding]);
  return null;
}
