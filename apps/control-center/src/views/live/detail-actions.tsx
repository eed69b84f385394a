import { Copy, Crosshair, Ellipsis, LocateFixed, Pencil, Radar, Share2 } from 'lucide-react';
import { copyText } from '../../browser/clipboard.ts';
import { formatCoordinates } from '../../format/units.ts';
import type { LiveTracker } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { navigate } from '../../shell/route.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { MenuButton, MenuItem } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toasts.tsx';
import styles from './detail-panel.module.css';
import { locateNow } from './locate-now.ts';

interface Props {
  readonly tracker: LiveTracker;
  /** The map is in sight: there is something to show and to follow on. */
  readonly hasMap: boolean;
  readonly following: boolean;
  readonly onFollow: (on: boolean) => void;
  readonly onShow: () => void;
}

const text = messages.detail;

async function copy(value: string): Promise<void> {
  const isCopied = await copyText(value);
  // where it is not allowed the words can still be copied by hand
  if (isCopied) showToast({ kind: 'ok', title: text.copied, text: value });
  else showToast({ kind: 'info', title: text.copyByHand, text: value });
}

/** What can be done with one tracker. */
export function DetailActions({ tracker, hasMap, following, onFollow, onShow }: Props) {
  const { fix, trackerId } = tracker;
  const mayEdit = useCan('manage');
  const mayAsk = useCan('handleAlerts');
  return (
    <div className={styles['actions']}>
      {fix !== null && hasMap && (
        <>
          <Button
            aria-pressed={following}
            kind={following ? 'primary' : 'plain'}
            className={styles['wideAction']}
            onPress={() => onFollow(!following)}
          >
            <Crosshair size={16} aria-hidden="true" />
            {following ? text.following : text.follow}
          </Button>
          <Button className={styles['wideAction']} onPress={onShow}>
            <LocateFixed size={16} aria-hidden="true" />
            {text.showShort}
          </Button>
        </>
      )}
      <IconButton label={text.copyLink} onPress={() => void copy(location.href)}>
        <Share2 size={16} aria-hidden="true" />
      </IconButton>
      <MenuButton
        label={text.more}
        placement="bottom end"
        trigger={
          <IconButton label={text.more}>
            <Ellipsis size={16} aria-hidden="true" />
          </IconButton>
        }
      >
        {mayAsk && (
          <MenuItem
            icon={<Radar size={16} />}
            onAction={() => void locateNow(tracker).then(showToast)}
          >
            {text.locate.action}
          </MenuItem>
        )}
        {fix !== null && (
          <MenuItem
            icon={<Copy size={16} />}
            onAction={() => void copy(formatCoordinates(fix.lat, fix.lon))}
          >
            {text.copy}
          </MenuItem>
        )}
        {mayEdit && (
          <MenuItem icon={<Pencil size={16} />} onAction={() => navigate(`/trackers/${trackerId}`)}>
            {text.edit}
          </MenuItem>
        )}
        {fix === null && !mayEdit && !mayAsk && (
          <MenuItem icon={<Share2 size={16} />} onAction={() => void copy(location.href)}>
            {text.copyLink}
          </MenuItem>
        )}
      </MenuButton>
    </div>
  );
}
