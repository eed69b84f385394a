/**
 * An import from the file to the places, outside React: one at a time, with the worker that reads and sends and the
 * server that keeps pieces until they are places. Whatever is under way can be stopped, and then nothing of it stays.
 */
import type { CreateFenceImportBody, FenceImportReply } from '@followme/contracts';
import { MAX_NAME_CHARS } from '../../../forms/check-name.ts';
import type { FileFound, ImportCommand, ImportMessage, RefusedPlace } from './import-protocol.ts';
import type { ReadFault, Sizes } from './parse-places.ts';

/** Read whole, in memory: more than this is no file of places any more. */
export const MAX_FILE_BYTES = 150 * 1024 * 1024;

/** Why one has to choose another file. */
export type FileProblem = ReadFault | { readonly tooLargeBytes: number };

/** Where an import is. */
export type ImportState =
  | { readonly kind: 'choosing'; readonly problem: FileProblem | null }
  | { readonly kind: 'reading'; readonly share: number }
  | {
      readonly kind: 'found';
      readonly file: string;
      readonly found: FileFound;
      /** Sending it did not work; it can be tried again. */
      readonly hasFailed: boolean;
    }
  | { readonly kind: 'sending'; readonly done: number; readonly all: number }
  | { readonly kind: 'making' };

/** Nothing is chosen yet. */
export const CHOOSING: ImportState = { kind: 'choosing', problem: null };

/** What is asked for when one says "Import". */
export interface ImportPlan {
  readonly sizes: Sizes;
  readonly groupIds: readonly number[];
}

/** The worker, as far as it matters here. */
export interface ImportReader {
  send(command: ImportCommand): void;
  /** At once, in the middle of whatever it does. */
  end(): void;
}

export interface ImportDeps {
  readonly startReader: (onMessage: (message: ImportMessage) => void) => ImportReader;
  readonly begin: (body: CreateFenceImportBody) => Promise<FenceImportReply>;
  readonly commit: (importId: number) => Promise<FenceImportReply>;
  readonly withdraw: (importId: number) => Promise<void>;
  readonly onState: (state: ImportState) => void;
  /** The places are there; `refused` is what the server left out. */
  readonly onImported: (made: FenceImportReply, refused: readonly RefusedPlace[]) => Promise<void>;
}

// written as escapes, so that the source stays printable
const CONTROLS = /\p{Cc}+/gu;

/** A file name as an import may be called. */
export function importName(file: string): string {
  const name = file.replaceAll(CONTROLS, ' ').trim().slice(0, MAX_NAME_CHARS).trimEnd();
  return name === '' ? '-' : name;
}

/** One import after the other. States: see `ImportState`; only `#show` changes it. */
export class ImportRun {
  readonly #deps: ImportDeps;
  #state: ImportState = CHOOSING;
  #reader: ImportReader | null = null;
  /** The import on the server that is not finished. */
  #importId: number | null = null;
  #found: Extract<ImportState, { kind: 'found' }> | null = null;

  constructor(deps: ImportDeps) {
    this.#deps = deps;
  }

  /** Reads a file; whatever was chosen before is forgotten. */
  read(file: File): void {
    this.#endReader();
    if (file.size > MAX_FILE_BYTES) {
      return this.#show({ kind: 'choosing', problem: { tooLargeBytes: file.size } });
    }
    this.#show({ kind: 'reading', share: 0 });
    this.#reader = this.#deps.startReader((message) => this.#hear(message, file.name));
    this.#reader.send({ type: 'read', file });
  }

  /** Sends what was found. */
  async begin({ sizes, groupIds }: ImportPlan): Promise<void> {
    const found = this.#found;
    const reader = this.#reader;
    if (found === null || reader === null) return;
    this.#show({ kind: 'sending', done: 0, all: found.found.good + found.found.refused });
    try {
      const { id } = await this.#deps.begin({
        name: importName(found.file),
        groupIds: groupIds.length === 0 ? null : [...groupIds],
      });
      this.#importId = id;
      if (this.#reader !== reader) return await this.#giveUp(); // stopped meanwhile
      reader.send({ type: 'send', importId: id, sizes });
    } catch {
      await this.#fail();
    }
  }

  /**
   * Stops whatever is under way; nothing of it stays. What is being made already cannot be stopped, only undone.
   * @returns whether something was being sent.
   */
  stop(): boolean {
    const { kind } = this.#state;
    if (kind === 'making') return false;
    this.#endReader();
    this.#found = null;
    void this.#giveUp();
    this.#show(CHOOSING);
    return kind === 'sending';
  }

  #show(state: ImportState): void {
    this.#state = state;
    this.#deps.onState(state);
  }

  #endReader(): void {
    this.#reader?.end();
    this.#reader = null;
  }

  #hear(message: ImportMessage, file: string): void {
    switch (message.type) {
      case 'reading':
        return this.#show({ kind: 'reading', share: message.share });
      case 'notRead':
        this.#endReader();
        return this.#show({ kind: 'choosing', problem: message.fault });
      case 'found':
        this.#found = { kind: 'found', file, found: message.found, hasFailed: false };
        return this.#show(this.#found);
      case 'sending':
        return this.#show({ kind: 'sending', done: message.done, all: message.all });
      case 'sent':
        return void this.#make(message.refused);
      case 'notSent':
        return void this.#fail();
    }
  }

  async #make(refused: readonly RefusedPlace[]): Promise<void> {
    const importId = this.#importId;
    if (importId === null) return;
    this.#show({ kind: 'making' });
    try {
      const made = await this.#deps.commit(importId);
      this.#importId = null;
      await this.#deps.onImported(made, refused);
      this.#endReader();
      this.#found = null;
      this.#show(CHOOSING);
    } catch {
      await this.#fail();
    }
  }

  async #fail(): Promise<void> {
    await this.#giveUp();
    this.#show(this.#found === null ? CHOOSING : { ...this.#found, hasFailed: true });
  }

  /** Takes away what arrived; what cannot be taken away now is forgotten by the server after a day. */
  async #giveUp(): Promise<void> {
    const importId = this.#importId;
    this.#importId = null;
    if (importId !== null) await this.#deps.withdraw(importId).catch(() => undefined);
  }
}
