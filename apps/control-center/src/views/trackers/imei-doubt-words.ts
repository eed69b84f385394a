import { messages } from '../../messages/messages.ts';
import type { ImeiDoubt } from './tracker-form.ts';

const text = messages.trackerPages;

/** What is to be checked about an identifier that is hardly an IMEI. */
export function imeiDoubtWords(doubt: ImeiDoubt): string {
  return doubt.kind === 'length' ? text.imeiLength(doubt.digits) : text.imeiCheckDigit;
}
