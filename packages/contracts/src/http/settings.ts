/** How a customer wants to look: brand, map, language; and where devices report to. */
import { Type, type Static } from 'typebox';
import { NameSchema, nullable } from './common.ts';
import {
  BASE64_PATTERN,
  COLOUR_PATTERN,
  MAP_FILE_PATTERN,
  WEB_ADDRESS_PATTERN,
} from './pattern.ts';

/** Languages of the web apps. */
export const LANGUAGES = ['en', 'nl'] as const;
/** A language of the web apps. */
export const LanguageSchema = Type.Union([Type.Literal('en'), Type.Literal('nl')]);
/** See `LanguageSchema`. */
export type Language = Static<typeof LanguageSchema>;

/** `#rrggbb`, lower case. */
const ColourSchema = Type.String({ pattern: COLOUR_PATTERN });

/** Which map lies below everything. */
export const BaseMapSchema = Type.Union([
  Type.Object({ kind: Type.Literal('builtIn') }, { additionalProperties: false }),
  Type.Object(
    {
      kind: Type.Literal('file'),
      file: Type.String({ maxLength: 200, pattern: MAP_FILE_PATTERN }),
    },
    { additionalProperties: false, description: 'A PMTiles file in the folder `maps`' },
  ),
  Type.Object(
    {
      kind: Type.Literal('style'),
      url: Type.String({ maxLength: 2_000, pattern: WEB_ADDRESS_PATTERN }),
    },
    { additionalProperties: false, description: 'A MapLibre style somewhere else' },
  ),
]);
/** See `BaseMapSchema`. */
export type BaseMap = Static<typeof BaseMapSchema>;

/** GET /api/branding: for everybody who opens the page of this host name, signed in or not. */
export const BrandingSchema = Type.Object({
  name: Type.String(),
  colour: nullable(ColourSchema),
  logoUrl: nullable(Type.String({ description: 'Path on this server' })),
  language: nullable(LanguageSchema),
  map: BaseMapSchema,
});
/** See `BrandingSchema`. */
export type Branding = Static<typeof BrandingSchema>;

/** GET /api/settings */
export const SettingsSchema = Type.Object({
  ...BrandingSchema.properties,
  version: Type.Integer({ minimum: 0 }),
  mapFiles: Type.Array(Type.String(), { description: 'PMTiles files of the installation' }),
});
/** See `SettingsSchema`. */
export type SettingsReply = Static<typeof SettingsSchema>;

/** PATCH /api/settings: what is left out stays, null goes back to what we ship. */
export const UpdateSettingsBodySchema = Type.Object(
  {
    name: Type.Optional(nullable(NameSchema)),
    colour: Type.Optional(nullable(ColourSchema)),
    language: Type.Optional(nullable(LanguageSchema)),
    map: Type.Optional(BaseMapSchema),
    ifVersion: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);
/** See `UpdateSettingsBodySchema`. */
export type UpdateSettingsBody = Static<typeof UpdateSettingsBodySchema>;

/** Largest logo, bytes. */
export const MAX_LOGO_BYTES = 256 * 1024;
/** POST /api/settings/logo: PNG, JPEG or WebP; null takes it away. */
export const LogoBodySchema = Type.Object(
  {
    image: nullable(
      Type.String({
        maxLength: Math.ceil((MAX_LOGO_BYTES * 4) / 3) + 4,
        contentEncoding: 'base64',
        pattern: BASE64_PATTERN,
      }),
    ),
  },
  { additionalProperties: false },
);
/** See `LogoBodySchema`. */
export type LogoBody = Static<typeof LogoBodySchema>;

/** GET /api/device-addresses: what to enter in a tracker. */
export const DeviceAddressesSchema = Type.Object({
  host: Type.String({ description: 'The host name this page was asked at' }),
  protocols: Type.Array(
    Type.Object({
      protocol: Type.String(),
      label: Type.String({ description: 'Name people know, e.g. Meitrack' }),
      transport: Type.Literal('tcp'),
      port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    }),
  ),
});
/** See `DeviceAddressesSchema`. */
export type DeviceAddresses = Static<typeof DeviceAddressesSchema>;
