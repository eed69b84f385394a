/** The body of every answer that is not a success: RFC 9457 with our code. */
import { Type, type Static } from 'typebox';
import { ERRORS, problemType, type ErrorCode } from '../errors.ts';

/** `application/problem+json` as we write it. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Identity of the kind of problem' }),
    title: Type.String({ description: 'The same sentence for every occurrence of the code' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.String({ description: 'A code of docs/errors.md', pattern: '^[A-Z][A-Z_]*$' }),
    retryable: Type.Boolean({ description: 'The same request may succeed later' }),
    detail: Type.Optional(Type.String({ description: 'What was wrong this time' })),
    path: Type.Optional(
      Type.String({ description: 'JSON pointer to the offending place of the request' }),
    ),
    reason: Type.Optional(Type.String({ description: 'Finer code, for FENCE_INVALID' })),
    place: Type.Optional(
      Type.Array(Type.Number(), { description: '[lon, lat] of the offence, for FENCE_INVALID' }),
    ),
    retryAfterS: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details' },
);
/** What a caller gets instead of what it asked for. */
export type Problem = Static<typeof ProblemSchema>;

/** The parts of a problem that differ from one occurrence to the next. */
export type ProblemDetails = Pick<Problem, 'detail' | 'path' | 'reason' | 'place' | 'retryAfterS'>;

/** The problem of a code, with what is particular about this occurrence. */
export function toProblem(code: ErrorCode, details: ProblemDetails = {}): Problem {
  const { status, retryable, title } = ERRORS[code];
  return { type: problemType(code), title, status, code, retryable, ...details };
}
