/** How the customer looks, as administrators change it. */
import type { LogoBody, SettingsReply, UpdateSettingsBody } from '@followme/contracts';
import { requestJson } from './client.ts';

/** @throws ApiError ACCESS_DENIED for everybody but administrators */
export function fetchSettings(signal?: AbortSignal): Promise<SettingsReply> {
  return requestJson('/api/settings', signal === undefined ? {} : { signal });
}

/** Changes what is named. @throws ApiError SETTINGS_CHANGED when `ifVersion` is another, MAP_FILE_UNKNOWN */
export function updateSettings(body: UpdateSettingsBody): Promise<SettingsReply> {
  return requestJson('/api/settings', { method: 'PATCH', body });
}

/** Sets the logo (Base64), or with null takes it away. @throws ApiError IMAGE_INVALID */
export function setLogo(image: LogoBody['image']): Promise<SettingsReply> {
  return requestJson('/api/settings/logo', { method: 'POST', body: { image } });
}
