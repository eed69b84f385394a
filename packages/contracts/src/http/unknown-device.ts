/** Devices that called and belong to nobody; shown to the provider only. */
import { Type, type Static } from 'typebox';
import { pageOf } from './common.ts';

/** One unknown device. */
export const UnknownDeviceSchema = Type.Object({
  protocol: Type.String(),
  identifier: Type.String(),
  firstSeenTime: Type.String(),
  lastSeenTime: Type.String(),
  frames: Type.Integer({ minimum: 0 }),
});
/** See `UnknownDeviceSchema`. */
export type UnknownDeviceReply = Static<typeof UnknownDeviceSchema>;

/** GET /api/unknown-devices, newest first. */
export const UnknownDevicePageSchema = pageOf(UnknownDeviceSchema);
/** See `UnknownDevicePageSchema`. */
export type UnknownDevicePage = Static<typeof UnknownDevicePageSchema>;
