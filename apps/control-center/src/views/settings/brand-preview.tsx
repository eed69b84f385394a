import type { CSSProperties } from 'react';
import { brandProperties } from '../../brand/apply-brand.ts';
import { type BrandAccents, deriveBrand } from '../../brand/derive-brand.ts';
import { messages } from '../../messages/messages.ts';
import { Logo } from '../../ui/logo.tsx';
import styles from './brand-preview.module.css';

interface Props {
  readonly name: string;
  readonly colour: string | null;
  /** Address of the logo; null is our sign. */
  readonly logoUrl: string | null;
}

const text = messages.settings.brand;
const THEMES = [
  ['light', text.previewLight],
  ['dark', text.previewDark],
] as const;

/** The brand in both themes: sign, button, selection, and a mark with its trail on the map. */
export function BrandPreview({ name, colour, logoUrl }: Props) {
  const accents = deriveBrand(colour);
  return (
    <div className={styles['pair']}>
      {THEMES.map(([theme, label]) => (
        <figure key={theme} role="img" aria-label={`${text.preview}: ${label}`}>
          <div inert data-brand="" className={styles['look']} style={styleOf(accents, theme)}>
            <Look name={name} logoUrl={logoUrl} />
          </div>
          <figcaption className={styles['caption']}>{label}</figcaption>
        </figure>
      ))}
    </div>
  );
}

function styleOf(accents: BrandAccents, theme: 'light' | 'dark'): CSSProperties {
  const style: CSSProperties & Readonly<Record<string, string>> = {
    ...brandProperties(accents),
    colorScheme: theme,
  };
  return style;
}

function Look({ name, logoUrl }: Omit<Props, 'colour'>) {
  return (
    <>
      <div className={styles['head']}>
        {logoUrl === null ? (
          <Logo size={28} />
        ) : (
          <img className={styles['logo']} src={logoUrl} alt="" />
        )}
        <b className={styles['name']}>
          <bdi>{name}</bdi>
        </b>
        <span className={styles['button']}>{text.previewButton}</span>
      </div>
      <div className={styles['row']}>
        <span>{text.previewRow}</span>
        <span className={styles['chip']}>{text.previewSelected}</span>
      </div>
      <MapPiece />
      <span className={styles['link']}>{text.previewLink}</span>
    </>
  );
}

/** A few streets, a trail and the drop at its end. */
function MapPiece() {
  return (
    <svg className={styles['map']} viewBox="0 0 280 96" preserveAspectRatio="xMidYMid slice">
      <rect className={styles['land']} width="280" height="96" />
      <path className={styles['water']} d="M0 70C60 60 90 90 150 84 210 78 230 96 280 90V96H0Z" />
      <path
        className={styles['roads']}
        d="M0 30 280 12M40 0 70 96M130 0 150 96M210 0 236 96M0 58 280 46"
      />
      <path className={styles['trailCase']} d="M14 62 62 56 70 26 138 20 146 52 196 48" />
      <path className={styles['trail']} d="M14 62 62 56 70 26 138 20 146 52 196 48" />
      <circle className={styles['halo']} cx="212" cy="46" r="21" />
      <path
        className={styles['drop']}
        d="M232 44c-4-8-11-13-20-13a15 15 0 0 0 0 30c9 0 16-5 20-13a4 4 0 0 0 0-4z"
      />
    </svg>
  );
}
