import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { beginFenceImport, commitFenceImport, withdrawFenceImport } from '../../../api/places.ts';
import { refreshFences } from '../../../hooks/use-fences.ts';
import { messages } from '../../../messages/messages.ts';
import { UNDO_STAY_MS } from '../../../ui/toast-queue.ts';
import { showToast } from '../../../ui/toasts.tsx';
import type { ImportMessage } from './import-protocol.ts';
import { CHOOSING, type ImportPlan, type ImportReader, ImportRun } from './import-run.ts';

const text = messages.places;

function startReader(onMessage: (message: ImportMessage) => void): ImportReader {
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<ImportMessage>) => onMessage(data);
  worker.onerror = () => onMessage({ type: 'notRead', fault: 'broken' });
  return {
    send: (command) => worker.postMessage(command, []),
    end() {
      worker.onmessage = null;
      worker.terminate();
    },
  };
}

/** Takes an import back, and says what came of it. */
function useTakeBack() {
  const client = useQueryClient();
  return async (importId: number): Promise<void> => {
    try {
      await withdrawFenceImport(importId);
      await refreshFences(client);
      showToast({ kind: 'ok', title: text.importUndone });
    } catch {
      showToast({ kind: 'critical', title: text.importUndoFailed });
    }
  };
}

/** Runs one import at a time; `onDone` closes the dialog. */
export function useImport(onDone: () => void) {
  const client = useQueryClient();
  const takeBack = useTakeBack();
  const [state, setState] = useState(CHOOSING);
  const onImported = useEffectEvent(async (importId: number, places: number, refused: number) => {
    await refreshFences(client);
    showToast({
      kind: 'ok',
      title: text.imported(places),
      text: refused === 0 ? undefined : text.refusedCount(refused),
      action: { label: messages.forms.undo, onPress: () => void takeBack(importId) },
      stayMs: UNDO_STAY_MS,
    });
    onDone();
  });
  const [run, setRun] = useState<ImportRun | null>(null);
  useEffect(() => {
    const made = new ImportRun({
      startReader,
      begin: (body) => beginFenceImport(body),
      commit: commitFenceImport,
      withdraw: withdrawFenceImport,
      onState: setState,
      onImported: ({ id, places }, refused) => onImported(id, places, refused.length),
    });
    setRun(made);
    return () => void made.stop();
  }, []);

  function stop(): void {
    if (run?.stop() === true) showToast({ kind: 'info', title: text.stopped });
  }
  return {
    state,
    read: (file: File) => run?.read(file),
    begin: (plan: ImportPlan) => void run?.begin(plan),
    stop,
    close() {
      // what is being made cannot be stopped any more; it can be undone
      if (state.kind === 'making') return;
      stop();
      onDone();
    },
  };
}
