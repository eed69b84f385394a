import type { DeviceReply } from '@followme/contracts';
import { CopyField } from '../../forms/copy-field.tsx';
import { ListState } from '../../forms/list-state.tsx';
import { useDeviceAddresses } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Card } from '../../ui/card.tsx';
import { imeiDoubtWords } from './imei-doubt-words.ts';
import { addressSms, intervalSms, isOwnMachine } from './meitrack-sms.ts';
import { doubtfulImei } from './tracker-form.ts';
import styles from './connect.module.css';

const text = messages.trackerPages;
const INTERVAL_S = 30;

interface Props {
  readonly device: DeviceReply;
}

/** Where the device must report to: server and port to copy, and the text messages that set them. */
export function AddressCard({ device }: Props) {
  const addresses = useDeviceAddresses();
  return (
    <Card title={text.addresses}>
      <ListState of={[addresses]} label={text.loading}>
        {() => {
          const { host = '', protocols = [] } = addresses.data ?? {};
          const found = protocols.find(({ protocol }) => protocol === device.protocol);
          if (found === undefined) return <Banner kind="warning">{text.noAddress}</Banner>;
          return (
            <div className={styles['stack']}>
              <Identifier device={device} />
              <Address host={host} port={found.port} protocol={found.protocol} />
            </div>
          );
        }}
      </ListState>
    </Card>
  );
}

/** What was typed, once more: a wrong digit shows here, before anybody waits for a device in vain. */
function Identifier({ device }: Props) {
  const doubt = doubtfulImei(device);
  return (
    <>
      <CopyField
        label={text.identifierGiven}
        value={device.identifier}
        copyLabel={text.copyIdentifier}
      />
      {doubt !== null && (
        <Banner kind="warning" isLive={false}>
          {imeiDoubtWords(doubt)}
        </Banner>
      )}
    </>
  );
}

interface AddressProps {
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
}

function Address({ host, port, protocol }: AddressProps) {
  return (
    <div className={styles['stack']}>
      <div className={styles['addresses']}>
        <CopyField label={text.host} value={host} copyLabel={text.copyHost} />
        <CopyField label={text.port} value={String(port)} copyLabel={text.copyPort} />
      </div>
      {isOwnMachine(host) ? (
        <Banner kind="warning" isLive={false}>
          {text.localHost}
        </Banner>
      ) : (
        <p className={styles['note']}>{text.hostHint(host)}</p>
      )}
      {protocol === 'meitrack' && (
        <div className={styles['sms']}>
          <h3 className={styles['smsTitle']}>{text.meitrackTitle}</h3>
          <p className={styles['note']}>{text.meitrackText}</p>
          <CopyField
            label={text.meitrackFirst}
            value={addressSms(host, port, text.apnWords)}
            copyLabel={text.copyCommand}
          />
          <CopyField
            label={text.meitrackInterval}
            value={intervalSms(INTERVAL_S)}
            copyLabel={text.copyCommand}
          />
          <p className={styles['note']}>{text.meitrackPassword}</p>
        </div>
      )}
    </div>
  );
}
