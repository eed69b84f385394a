import { useEffect, useState } from 'react';
import { previewFence } from '../../api/places.ts';
import { browserClock } from '../../browser/clock.ts';
import { toGeometry } from '../../drawing/draft.ts';
import type { Drawing } from '../../drawing/drawing.ts';
import { drawingFault } from './place-form.ts';
import { createPreviewAsking, NO_PREVIEW, type Preview } from './preview-asking.ts';

/** What the place that is drawn would have seen in the last days, asked anew a moment after each change. */
export function useFencePreview(drawing: Drawing, groupIds: readonly number[]): Preview {
  const [preview, setPreview] = useState<Preview>(NO_PREVIEW);
  const [asking] = useState(() =>
    createPreviewAsking({ clock: browserClock, fetch: previewFence, onPreview: setPreview }),
  );
  const { draft, isOpen } = drawing;
  useEffect(() => {
    if (draft === null || isOpen) return asking.clear();
    asking.change(() => {
      if (drawingFault({ ...drawing, draft, isOpen }) !== null) return null;
      return {
        geometry: { ...toGeometry(draft) },
        groupIds: groupIds.length === 0 ? null : [...groupIds],
      };
    });
  }, [asking, draft, isOpen, groupIds]);
  useEffect(() => () => asking.clear(), [asking]);
  return preview;
}
