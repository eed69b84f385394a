import { useState } from 'react';
import { messages } from '../../../messages/messages.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { WatchField } from '../watch-field.tsx';
import type { FileFound } from './import-protocol.ts';
import type { Sizes } from './parse-places.ts';
import type { FileProblem, ImportState } from './import-run.ts';
import { useImport } from './use-import.ts';
import styles from './import-dialog.module.css';

const text = messages.places;
const KINDS = ['.geojson', '.json', '.kml', '.gpx'] as const;
const FIRST_SIZES: Sizes = { radiusM: 100, widthM: 20 };

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** A file of places: read, looked through, sent in pieces, made at once. Stops when it is told to. */
export function ImportDialog({ isOpen, onClose }: Props) {
  const [groupIds, setGroupIds] = useState<readonly number[]>([]);
  const [sizes, setSizes] = useState(FIRST_SIZES);
  const { state, ...run } = useImport(onClose);
  const good = state.kind === 'found' ? state.found.good : 0;
  const isUnderWay = state.kind === 'sending' || state.kind === 'reading';
  const footer = (
    <>
      {isUnderWay && <Button onPress={run.stop}>{text.stopImport}</Button>}
      {state.kind === 'found' && <Button onPress={run.stop}>{text.chooseOther}</Button>}
      {state.kind === 'found' && (
        <Button
          kind="primary"
          isDisabled={good === 0}
          onPress={() => run.begin({ sizes, groupIds })}
        >
          {text.importNow(good)}
        </Button>
      )}
    </>
  );
  return (
    <Dialog
      title={text.importTitle}
      isOpen={isOpen}
      onClose={run.close}
      isDismissable={state.kind === 'choosing'}
      footer={state.kind === 'choosing' || state.kind === 'making' ? undefined : footer}
    >
      <div className={styles['body']}>
        <Step state={state} onFile={run.read} />
        {state.kind === 'found' && (
          <>
            <Preview found={state.found} />
            <SizeFields found={state.found} sizes={sizes} onSizes={setSizes} />
            <WatchField groupIds={groupIds} onChange={setGroupIds} />
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Why another file has to be chosen, in words. */
function problemWords(problem: FileProblem): string {
  if (typeof problem === 'string') return text.readFailed[problem];
  return text.tooLarge(`${Math.ceil(problem.tooLargeBytes / 1024 / 1024)} MB`);
}

interface StepProps {
  readonly state: ImportState;
  readonly onFile: (file: File) => void;
}

function Step({ state, onFile }: StepProps) {
  switch (state.kind) {
    case 'choosing':
      return (
        <FileDrop
          label={text.importDrop}
          description={text.importHint}
          errorMessage={state.problem === null ? undefined : problemWords(state.problem)}
          accept={KINDS}
          onFiles={([file]) => file !== undefined && onFile(file)}
        />
      );
    case 'reading':
      return <ProgressBar label={text.reading} value={state.share * 100} />;
    case 'found':
      return state.hasFailed ? <Banner kind="critical">{text.importFailed}</Banner> : null;
    case 'sending':
      return (
        <>
          <ProgressBar label={text.sending} value={(state.done / Math.max(1, state.all)) * 100} />
          <p className={styles['note']} data-testid="import-progress">
            {text.sendingCount(state.done, state.all)}
          </p>
        </>
      );
    case 'making':
      return <ProgressBar label={text.making} value={null} />;
  }
}

/** How many, and which ones not, with the reason. */
function Preview({ found }: { readonly found: FileFound }) {
  const { good, refused, named } = found;
  return (
    <div>
      <p className={styles['count']}>{text.found(good)}</p>
      {refused > 0 && (
        <>
          <p className={styles['refused']}>{text.refusedCount(refused)}</p>
          <ul className={styles['reasons']}>
            {named.map(({ index, name, reason }) => (
              <li key={index}>
                <bdi className={styles['name']} title={name}>
                  {text.refusedRow(index + 1, name)}
                </bdi>
                <span>{text.problems[reason]}</span>
              </li>
            ))}
          </ul>
          {refused > named.length && <p>{text.refusedMore(refused - named.length)}</p>}
        </>
      )}
    </div>
  );
}

interface SizeFieldsProps {
  readonly found: FileFound;
  readonly sizes: Sizes;
  readonly onSizes: (sizes: Sizes) => void;
}

/** Points and lines have no extent: asks for one where the file has such. */
function SizeFields({ found, sizes, onSizes }: SizeFieldsProps) {
  const { points, lines } = found;
  return (
    <>
      {points > 0 && (
        <NumberField
          label={text.pointRadius}
          description={text.pointRadiusHint(points)}
          value={sizes.radiusM}
          minValue={1}
          maxValue={1_000_000}
          unit={text.metres}
          onChange={(radiusM) => Number.isFinite(radiusM) && onSizes({ ...sizes, radiusM })}
        />
      )}
      {lines > 0 && (
        <NumberField
          label={text.lineWidth}
          description={text.lineWidthHint(lines)}
          value={sizes.widthM}
          minValue={1}
          maxValue={200_000}
          unit={text.metres}
          onChange={(widthM) => Number.isFinite(widthM) && onSizes({ ...sizes, widthM })}
        />
      )}
    </>
  );
}
