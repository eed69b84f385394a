import type { DeviceAddresses, GroupReply, TrackerReply } from '@followme/contracts';
import { useMemo } from 'react';
import { messages } from '../../messages/messages.ts';
import { navigate } from '../../shell/route.ts';
import { type VirtualColumn, VirtualTable } from '../../tables/virtual-table.tsx';
import { protocolLabel } from './protocol-label.ts';
import { LastHeard } from './last-heard.tsx';
import styles from './trackers.module.css';

const text = messages.trackerPages;

interface Props {
  readonly trackers: readonly TrackerReply[];
  readonly groups: readonly GroupReply[];
  readonly protocols: DeviceAddresses['protocols'];
  readonly chosen: ReadonlySet<number>;
  /** Null: nothing can be chosen. */
  readonly onChoose: ((ids: ReadonlySet<number>) => void) | null;
}

/** The rows of the page; what is told of each is what the lists know and what is heard live. */
export function TrackerTable({ trackers, groups, protocols, chosen, onChoose }: Props) {
  const columns = useMemo(() => columnsOf(groups, protocols), [groups, protocols]);
  return (
    <VirtualTable
      label={text.table}
      columns={columns}
      rows={trackers}
      rowId={({ id }) => id}
      onOpen={({ id }) => navigate(`/trackers/${id}`)}
      selection={
        onChoose === null
          ? undefined
          : {
              ids: chosen,
              onChange: onChoose,
              labelOf: ({ name }) => text.select(name),
              allLabel: text.selectAll,
            }
      }
    />
  );
}

function columnsOf(
  groups: readonly GroupReply[],
  protocols: DeviceAddresses['protocols'],
): readonly VirtualColumn<TrackerReply>[] {
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const groupsOf = ({ groupIds }: TrackerReply): string =>
    groupIds.map((id) => names.get(id) ?? '').join(', ');
  return [
    {
      id: 'name',
      header: text.columns.name,
      width: 'minmax(8rem, 2fr)',
      cell: ({ name }) => (
        <bdi className={styles['name']} title={name}>
          {name}
        </bdi>
      ),
    },
    {
      id: 'groups',
      header: text.columns.groups,
      width: 'minmax(7rem, 2fr)',
      isSecondary: true,
      cell: (tracker) =>
        tracker.groupIds.length === 0 ? (
          <span className={styles['quiet']}>{text.noGroup}</span>
        ) : (
          <bdi title={groupsOf(tracker)}>{groupsOf(tracker)}</bdi>
        ),
    },
    {
      id: 'device',
      header: text.columns.device,
      width: 'minmax(8rem, 1.5fr)',
      isSecondary: true,
      cell: ({ device }) =>
        device === null ? (
          <span className={styles['quiet']}>{text.noDevice}</span>
        ) : (
          <>
            {protocolLabel(device.protocol, protocols)}{' '}
            <bdi className={styles['identifier']}>{device.identifier}</bdi>
          </>
        ),
    },
    {
      id: 'heard',
      header: text.columns.heard,
      width: 'minmax(7rem, 1fr)',
      cell: ({ id }) => <LastHeard trackerId={id} />,
    },
  ];
}
