import type { DeviceAddresses } from '@followme/contracts';

/** The name people know a device family by; its own word when the installation does not name it. */
export function protocolLabel(protocol: string, known: DeviceAddresses['protocols']): string {
  return known.find((one) => one.protocol === protocol)?.label ?? protocol;
}
