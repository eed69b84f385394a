/** A file of places, sent in pieces and made into fences at once: it can be given up and taken back. */
import { Type, type Static } from 'typebox';
import { IdListSchema, IdSchema, NameSchema, nullable } from './common.ts';

/** `/api/fence-imports/:importId` */
export const FenceImportParamsSchema = Type.Object(
  { importId: IdSchema },
  { additionalProperties: false },
);
/** Most places of one piece. */
export const MAX_IMPORT_PIECE = 500;
/** Most places of one import. */
export const MAX_IMPORT_PLACES = 200_000;

/** POST /api/fence-imports */
export const CreateFenceImportBodySchema = Type.Object(
  { name: NameSchema, groupIds: Type.Optional(nullable(IdListSchema)) },
  { additionalProperties: false },
);
/** See `CreateFenceImportBodySchema`. */
export type CreateFenceImportBody = Static<typeof CreateFenceImportBodySchema>;

/** An import as it is answered. */
export const FenceImportSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  state: Type.Union([Type.Literal('open'), Type.Literal('done'), Type.Literal('undone')]),
  places: Type.Integer({ minimum: 0 }),
});
/** See `FenceImportSchema`. */
export type FenceImportReply = Static<typeof FenceImportSchema>;

/** POST /api/fence-imports/:importId/places: `from` is the index of the first; sent again it replaces. */
export const FenceImportPieceBodySchema = Type.Object(
  {
    from: Type.Integer({ minimum: 0, maximum: MAX_IMPORT_PLACES }),
    places: Type.Array(
      Type.Object(
        {
          name: Type.String({ maxLength: 1_000 }),
          geometry: Type.Record(Type.String(), Type.Unknown()),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: MAX_IMPORT_PIECE },
    ),
  },
  { additionalProperties: false },
);
/** See `FenceImportPieceBodySchema`. */
export type FenceImportPieceBody = Static<typeof FenceImportPieceBodySchema>;
/** What of a piece was taken; what cannot be a fence is named and left out. */
export const FenceImportPieceSchema = Type.Object({
  taken: Type.Integer({ minimum: 0 }),
  refused: Type.Array(Type.Object({ index: Type.Integer(), reason: Type.String() })),
});
/** See `FenceImportPieceSchema`. */
export type FenceImportPiece = Static<typeof FenceImportPieceSchema>;
