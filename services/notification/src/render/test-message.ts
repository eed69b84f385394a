import type { DeliveryContent } from '@followme/store';
import { WORDS, type Language } from './words.ts';

/** The message that shows that messages arrive. */
export function testMessage(
  deliveryId: string,
  at: { readonly nowMs: number; readonly language: Language; readonly publicUrl: string | null },
): DeliveryContent {
  const words = WORDS[at.language];
  return {
    subject: words.testSubject,
    text: `${words.testText}\n`,
    payload: {
      specversion: '1.0',
      id: deliveryId,
      source: at.publicUrl ?? 'urn:followme',
      type: 'followme.test',
      subject: 'test',
      time: new Date(at.nowMs).toISOString(),
      datacontenttype: 'application/json',
      data: {},
    },
  };
}
