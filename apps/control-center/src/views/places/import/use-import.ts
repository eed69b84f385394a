/** An import from the file to the places: what the dialog shows at each moment, and how it stops. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { beginFenceImport, commitFenceImport, withdrawFenceImport } from '../../../api/places.ts';
import { refreshFences } from '../../../hooks/use-fences.ts';
import { messages } from '../../../messages/messages.ts';
import { showToast } from '../../../ui/toasts.tsx';
import type { FileFound, ImportCommand, ImportMessage, RefusedPlace } from './import-protocol.ts';
import type { ReadFault, Sizes } from './parse-places.ts';

const text = messages.places;
/** Read whole, in memory: more than this is no file of places any more. */
export const MAX_FILE_BYTES = 150 * 1024 * 1024;
const MAX_NAME_CHARS = 200;

/** Where an import is. */
export type ImportState =
  | { readonly kind: 'choosing'; readonly problem: string }
  | { readonly kind: 'reading'; readonly share: number }
  | {
      readonly kind: 'found';
      readonly file: string;
      readonly found: FileFound;
      readonly problem: string;
    }
  | { readonly kind: 'sending'; readonly done: number; readonly all: number }
  | { readonly kind: 'making' };

const CHOOSING: ImportState = { kind: 'choosing', problem: '' };

/** What is asked for when one says "Import". */
interface ImportPlan {
  readonly sizes: Sizes;
  readonly groupIds: readonly number[];
}

function startWorker(onMessage: (message: ImportMessage) => void): Worker {
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<ImportMessage>) => onMessage(data);
  worker.onerror = () => onMessage({ type: 'notRead', fault: 'broken' });
  return worker;
}

/** A file name as an import may be called. */
function importName(file: string): string {
  // written as escapes, so that the source stays printable
  const plain = file.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').trim();
  return [...plain].slice(0, MAX_NAME_CHARS).join('') || text.importTitle;
}

/** Megabytes in a few characters. */
function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`;
}

/** Runs one import at a time; `onDone` closes the dialog. */
export function useImport(onDone: () => void) {
  const client = useQueryClient();
  const [state, setState] = useState<ImportState>(CHOOSING);
  const workerRef = useRef<Worker | null>(null);
  const importRef = useRef<number | null>(null);
  const found = useRef<Extract<ImportState, { kind: 'found' }> | null>(null);

  const end = (): void => {
    workerRef.current?.terminate();
    workerRef.current = null;
  };
  // the page closes: what was sent is forgotten by the server after a day
  useEffect(() => end, []);

  /** Takes away what arrived of an import that will not be finished. */
  async function giveUp(): Promise<void> {
    const importId = importRef.current;
    importRef.current = null;
    if (importId !== null) await withdrawFenceImport(importId).catch(() => undefined);
  }

  function read(file: File): void {
    end();
    if (file.size > MAX_FILE_BYTES) {
      return setState({ kind: 'choosing', problem: text.tooLarge(megabytes(file.size)) });
    }
    setState({ kind: 'reading', share: 0 });
    const worker = startWorker((message) => hear(message, file.name));
    workerRef.current = worker;
    worker.postMessage({ type: 'read', file } satisfies ImportCommand);
  }

  function hear(message: ImportMessage, file: string): void {
    switch (message.type) {
      case 'reading':
        return setState({ kind: 'reading', share: message.share });
      case 'notRead':
        end();
        return setState({
          kind: 'choosing',
          problem: text.readFailed[message.fault satisfies ReadFault],
        });
      case 'found':
        found.current = { kind: 'found', file, found: message.found, problem: '' };
        return setState(found.current);
      case 'sending':
        return setState({ kind: 'sending', done: message.done, all: message.all });
      case 'sent':
        return void make(message.refused);
      case 'notSent':
        return void fail();
    }
  }

  async function fail(): Promise<void> {
    await giveUp();
    if (found.current === null) return setState(CHOOSING);
    setState({ ...found.current, problem: text.importFailed });
  }

  async function begin({ sizes, groupIds }: ImportPlan): Promise<void> {
    const file = found.current;
    const worker = workerRef.current;
    if (file === null || worker === null) return;
    const all = file.found.good + file.found.refused;
    setState({ kind: 'sending', done: 0, all });
    try {
      const body = {
        name: importName(file.file),
        groupIds: groupIds.length === 0 ? null : [...groupIds],
      };
      const { id } = await beginFenceImport(body, new AbortController().signal);
      importRef.current = id;
      // stopped in between
      if (workerRef.current !== worker) return await giveUp();
      worker.postMessage({ type: 'send', importId: id, sizes } satisfies ImportCommand);
    } catch {
      await fail();
    }
  }

  async function make(refused: readonly RefusedPlace[]): Promise<void> {
    const importId = importRef.current;
    if (importId === null) return;
    setState({ kind: 'making' });
    try {
      const { places } = await commitFenceImport(importId);
      importRef.current = null;
      await refreshFences(client);
      showImported(importId, places, refused.length);
      close();
    } catch {
      await fail();
    }
  }

  function showImported(importId: number, places: number, refused: number): void {
    showToast({
      kind: 'ok',
      title: text.imported(places),
      text: refused === 0 ? undefined : text.refusedCount(refused),
      action: { label: messages.forms.undo, onPress: () => void takeBack(importId) },
      stayMs: 30_000,
    });
  }

  async function takeBack(importId: number): Promise<void> {
    try {
      await withdrawFenceImport(importId);
      await refreshFences(client);
      showToast({ kind: 'ok', title: text.importUndone });
    } catch {
      showToast({ kind: 'critical', title: text.importUndoFailed });
    }
  }

  /** Stops whatever is under way: nothing of it stays. */
  function stop(): void {
    const wasSending = state.kind === 'sending';
    end();
    void giveUp();
    if (wasSending) showToast({ kind: 'info', title: text.stopped });
    reset();
  }

  function reset(): void {
    end();
    found.current = null;
    setState(CHOOSING);
  }

  function close(): void {
    reset();
    onDone();
  }

  return {
    state,
    read,
    begin: (plan: ImportPlan) => void begin(plan),
    stop,
    reset,
    close() {
      // what is being made cannot be stopped any more; it can be undone
      if (state.kind === 'making') return;
      if (state.kind === 'sending') stop();
      close();
    },
  };
}
