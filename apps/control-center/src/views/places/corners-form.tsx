import { Trash2 } from 'lucide-react';
import { cornersOf, type Draft } from '../../drawing/draft.ts';
import type { DrawAction, Drawing } from '../../drawing/drawing.ts';
import { messages } from '../../messages/messages.ts';
import type { LonLat } from '../../places/sphere.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import styles from './place-editor.module.css';

const text = messages.places;
/** More corners than this are edited on the map; a form of them would be no help. */
const MAX_ROWS = 100;
const DEGREES = { maximumFractionDigits: 7 } as const;

interface Props {
  readonly drawing: Drawing;
  readonly act: (action: DrawAction) => void;
}

/** The shape as fields: what the map shows, for reading, typing and pasting. */
export function CornersForm({ drawing, act }: Props) {
  const { draft } = drawing;
  return (
    <div className={styles['shape']}>
      {draft !== null && <SizeFields draft={draft} act={act} />}
      {draft !== null && (
        <details className={styles['corners']}>
          <summary>
            {text.corners} <span>{text.cornersCount(countOf(draft))}</span>
          </summary>
          <p className={styles['note']}>{text.cornersText}</p>
          <CornerRows drawing={drawing} draft={draft} act={act} />
        </details>
      )}
    </div>
  );
}

/** Corners one can count; a circle has its centre. */
const countOf = (draft: Draft): number => (draft.kind === 'circle' ? 1 : cornersOf(draft).length);

function SizeFields({ draft, act }: { readonly draft: Draft; readonly act: Props['act'] }) {
  if (draft.kind === 'area') return null;
  const isCircle = draft.kind === 'circle';
  return (
    <NumberField
      label={isCircle ? text.radius : text.width}
      value={isCircle ? draft.radiusM : draft.widthM}
      minValue={1}
      maxValue={isCircle ? 1_000_000 : 200_000}
      unit={text.metres}
      onChange={(value) => {
        if (!Number.isFinite(value)) return;
        act(isCircle ? { type: 'setRadius', radiusM: value } : { type: 'setWidth', widthM: value });
      }}
    />
  );
}

interface RowsProps extends Props {
  readonly draft: Draft;
}

function CornerRows({ drawing, draft, act }: RowsProps) {
  const isCircle = draft.kind === 'circle';
  const corners = isCircle ? [draft.centre] : cornersOf(draft);
  if (corners.length > MAX_ROWS) return <p>{text.cornersMany(corners.length)}</p>;
  const last = corners.at(-1);
  return (
    <>
      <ol className={styles['cornerRows']}>
        {corners.map((corner, index) => (
          <CornerRow
            key={index}
            name={isCircle ? text.centre : text.corner(index + 1)}
            corner={corner}
            onMove={(to) => act({ type: 'move', corner: index, to, gesture: null })}
            onRemove={
              isCircle ? null : () => act({ type: 'remove', corner: drawing.isOpen ? null : index })
            }
            removeLabel={text.removeCorner(index + 1)}
            canRemove={!drawing.isOpen || index === corners.length - 1}
          />
        ))}
      </ol>
      {!isCircle && last !== undefined && (
        <Button
          size="small"
          onPress={() => {
            const at: LonLat = [last[0] + 0.001, last[1]];
            if (drawing.isOpen) act({ type: 'place', at });
            else act({ type: 'insert', after: corners.length - 1, at, gesture: null });
          }}
        >
          {text.addCorner}
        </Button>
      )}
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly corner: LonLat;
  readonly onMove: (to: LonLat) => void;
  readonly onRemove: (() => void) | null;
  readonly removeLabel: string;
  readonly canRemove: boolean;
}

function CornerRow({ name, corner, onMove, onRemove, removeLabel, canRemove }: RowProps) {
  const [lon, lat] = corner;
  return (
    <li className={styles['cornerRow']}>
      <NumberField
        label={text.latOf(name)}
        value={lat}
        minValue={-90}
        maxValue={90}
        step={0.0000001}
        formatOptions={DEGREES}
        onChange={(value) => {
          if (Number.isFinite(value)) onMove([lon, value]);
        }}
      />
      <NumberField
        label={text.lonOf(name)}
        value={lon}
        minValue={-180}
        maxValue={180}
        step={0.0000001}
        formatOptions={DEGREES}
        onChange={(value) => {
          if (Number.isFinite(value)) onMove([value, lat]);
        }}
      />
      {onRemove !== null && (
        <IconButton label={removeLabel} isDisabled={!canRemove} onPress={onRemove}>
          <Trash2 size={16} aria-hidden="true" />
        </IconButton>
      )}
    </li>
  );
}
