import { useCallback, useEffect, useRef } from 'react';

/**
 * Answers whether the caller is still on the page: work that took a while moves nobody who has gone on meanwhile.
 */
export function useIsHere(): () => boolean {
  const here = useRef(false);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return useCallback(() => here.current, []);
}
