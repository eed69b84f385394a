import {
  addDeliveries,
  advanceLanes,
  beginLanes,
  holdAlerts,
  loadRules,
  mailReceivers,
  newestCards,
  raisingTrackers,
  tenantVoices,
  webhookReceivers,
  writeCards,
  type Store,
  type SystemScope,
} from '@followme/store';
import type { RaisingStore, RaisingTransaction } from './raising-store.ts';

function transactionOf(system: SystemScope): RaisingTransaction {
  return {
    advance: async (input, stretches) =>
      new Set((await advanceLanes(system.client, input, stretches)).keys()),
    trackers: (trackerIds) => raisingTrackers(system, trackerIds),
    rules: (tenantIds, known) => loadRules(system, tenantIds, known),
    holdAlerts: (tenantIds) => holdAlerts(system, tenantIds),
    newestCards: (wanted) => newestCards(system, wanted),
    writeCards: (cards) => writeCards(system, cards),
    mailReceivers: (userIds) => mailReceivers(system, userIds),
    webhookReceivers: (webhookIds) => webhookReceivers(system, webhookIds),
    voices: (tenantIds) => tenantVoices(system, tenantIds),
    addDeliveries: (deliveries) => addDeliveries(system, deliveries),
  };
}

/** Raising over the database. */
export function createSqlRaisingStore(store: Store): RaisingStore {
  return {
    beginLanes: (input, places) => store.asSystem((system) => beginLanes(system, input, places)),
    transact: (work) => store.asSystem((system) => work(transactionOf(system))),
  };
}
