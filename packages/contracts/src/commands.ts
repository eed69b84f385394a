/**
 * How a command finds the process that holds its tracker's socket: small JSON messages on two subjects of the
 * log's broadcasts, in two steps, so that of several connections of one tracker exactly one is used.
 *
 * 1. `ask` to all tracker processes; each that holds a connection answers `held`.
 * 2. `send` to the holder of the newest connection; it writes the command and answers `outcome`.
 *
 * Readers pass over fields they do not know and messages of another version, so processes of two releases get
 * along: a version is only raised when an older reader would do something wrong.
 */
import type { CommandKind } from '@followme/model';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { IdSchema } from './http/common.ts';

/** Version of both messages. */
const VERSION = 1;
/** Longest message, in bytes; ours have some 250. */
export const MAX_COMMAND_MESSAGE_BYTES = 1_024;

const version = Type.Literal(VERSION);
/** Names one command; random, made by the process that was asked for it. */
const commandId = Type.String({ minLength: 1, maxLength: 64 });
/** Names a process. */
const holder = Type.String({ minLength: 1, maxLength: 300 });

const kind = Type.Literal('locate' satisfies CommandKind);

/** A message on `SUBJECTS.commands`. */
export const CommandMessageSchema = Type.Union([
  Type.Object({
    version,
    type: Type.Literal('ask'),
    commandId,
    tenantId: IdSchema,
    trackerId: IdSchema,
  }),
  Type.Object({
    version,
    type: Type.Literal('send'),
    commandId,
    tenantId: IdSchema,
    trackerId: IdSchema,
    holder,
    kind,
  }),
]);
/** See `CommandMessageSchema`. */
export type CommandMessage = Static<typeof CommandMessageSchema>;

/**
 * What became of a command at its holder: written; not written, since the device does not read what it is
 * sent; its family takes no such command; the connection has gone meanwhile.
 */
export type CommandOutcome = 'sent' | 'notReading' | 'unsupported' | 'gone';

/** A message on `SUBJECTS.commandReplies`. */
export const CommandAnswerSchema = Type.Union([
  Type.Object({
    version,
    type: Type.Literal('held'),
    commandId,
    holder,
    /** When the connection named its device, ms since 1970 UTC. */
    sinceMs: Type.Number(),
  }),
  Type.Object({
    version,
    type: Type.Literal('outcome'),
    commandId,
    holder,
    outcome: Type.Union([
      Type.Literal('sent'),
      Type.Literal('notReading'),
      Type.Literal('unsupported'),
      Type.Literal('gone'),
    ]),
  }),
]);
/** See `CommandAnswerSchema`. */
export type CommandAnswer = Static<typeof CommandAnswerSchema>;

/** A message without what every message has. */
type Unversioned<T> = T extends unknown ? Omit<T, 'version'> : never;

const message = Compile(CommandMessageSchema);
const answer = Compile(CommandAnswerSchema);

/** The bytes of a message on `SUBJECTS.commands`. */
export function encodeCommandMessage(content: Unversioned<CommandMessage>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: VERSION, ...content }));
}

/** The bytes of a message on `SUBJECTS.commandReplies`. */
export function encodeCommandAnswer(content: Unversioned<CommandAnswer>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: VERSION, ...content }));
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_COMMAND_MESSAGE_BYTES) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/** Reads a message on `SUBJECTS.commands`; null when it is none that this release understands. */
export function parseCommandMessage(bytes: Uint8Array): CommandMessage | null {
  const value = parseJson(bytes);
  return message.Check(value) ? value : null;
}

/** Reads a message on `SUBJECTS.commandReplies`; null when it is none that this release understands. */
export function parseCommandAnswer(bytes: Uint8Array): CommandAnswer | null {
  const value = parseJson(bytes);
  return answer.Check(value) ? value : null;
}
