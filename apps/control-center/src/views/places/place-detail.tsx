import type { FenceReply, RuleReply } from '@followme/contracts';
import { Crosshair, Pencil, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { fromGeometry } from '../../drawing/draft.ts';
import { sizeWords } from '../../drawing/size-words.ts';
import { useGroups } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { Link } from '../../shell/route.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { audienceWords } from './audience-words.ts';
import { KIND_ICONS } from './kind-icons.ts';
import { kindOf, rulesOf } from './place-facts.ts';
import { useInsideCount } from './use-inside-count.ts';
import { useRemovePlace } from './use-remove-place.ts';
import styles from './place-detail.module.css';

const text = messages.places;

interface Props {
  readonly fence: FenceReply;
  readonly rules: readonly RuleReply[];
  readonly onShow: (() => void) | null;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}

/** One place: whom it is for, who is inside now, which rules use it. */
export function PlaceDetail({ fence, rules, onShow, onEdit, onClose }: Props) {
  const [isAsking, setAsking] = useState(false);
  const inside = useInsideCount(fence);
  const groups = useGroups().data ?? [];
  const used = rulesOf(fence.id, rules);
  const remove = useRemovePlace();
  return (
    <section className={styles['panel']} aria-label={fence.name} data-region="detail">
      <Head fence={fence} onClose={onClose} />
      <Actions onShow={onShow} onEdit={onEdit} onRemove={() => setAsking(true)} />
      <dl className={styles['facts']}>
        <dt>{text.insideNow}</dt>
        <dd data-testid="inside-now">
          {inside === 0 ? text.nobodyInside : text.insideCount(inside)}
        </dd>
        <dt>{text.appliesTo}</dt>
        <dd>
          <bdi>{audienceWords(fence, groups)}</bdi>
        </dd>
        <dt>{text.size}</dt>
        <dd>{sizeWords(fromGeometry(fence.geometry))}</dd>
        <dt>{text.rules}</dt>
        <dd>
          <RuleLinks {...used} />
        </dd>
      </dl>
      <ConfirmDialog
        title={text.removeTitle(fence.name)}
        text={text.removeText(inside, used.naming.length)}
        confirmLabel={text.removeConfirm}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          void remove(fence, used.naming).then((isRemoved) => {
            if (isRemoved) onClose();
          });
        }}
      />
    </section>
  );
}

function Head({ fence, onClose }: Pick<Props, 'fence' | 'onClose'>) {
  const kind = kindOf(fence.geometry);
  const Icon = KIND_ICONS[kind];
  return (
    <header className={styles['head']}>
      <span className={styles['badge']}>
        <Icon size={20} aria-hidden="true" />
      </span>
      <div className={styles['title']}>
        <h2 title={fence.name}>
          <bdi>{fence.name}</bdi>
        </h2>
        <p>{text.kinds[kind]}</p>
      </div>
      <IconButton label={text.close} onPress={onClose}>
        <X size={18} aria-hidden="true" />
      </IconButton>
    </header>
  );
}

interface ActionsProps extends Pick<Props, 'onShow' | 'onEdit'> {
  readonly onRemove: () => void;
}

function Actions({ onShow, onEdit, onRemove }: ActionsProps) {
  const mayEdit = useCan('manage');
  return (
    <div className={styles['actions']}>
      {onShow !== null && (
        <Button size="small" onPress={onShow}>
          <Crosshair size={14} aria-hidden="true" />
          {text.show}
        </Button>
      )}
      {mayEdit && (
        <>
          <Button size="small" onPress={onEdit}>
            <Pencil size={14} aria-hidden="true" />
            {text.edit}
          </Button>
          <Button size="small" onPress={onRemove}>
            <Trash2 size={14} aria-hidden="true" />
            {text.remove}
          </Button>
        </>
      )}
    </div>
  );
}

interface RuleLinksProps {
  readonly naming: readonly RuleReply[];
  readonly any: readonly RuleReply[];
}

function RuleLinks({ naming, any }: RuleLinksProps) {
  if (naming.length + any.length === 0) return text.noRules;
  return (
    <ul className={styles['rules']}>
      {[...naming, ...any].map((rule) => (
        <li key={rule.id}>
          <Link href={`/rules/${rule.id}`}>
            <bdi>{rule.name}</bdi>
          </Link>
          {any.includes(rule) && <span> {text.anyPlaceRule}</span>}
        </li>
      ))}
    </ul>
  );
}
