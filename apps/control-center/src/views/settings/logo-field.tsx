import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Logo } from '../../ui/logo.tsx';
import type { NewLogo } from './settings-draft.ts';
import styles from './settings.module.css';

interface Props {
  /** Address of the logo as it will be; null is none. */
  readonly logoUrl: string | null;
  /** Null takes it away. */
  readonly onChange: (logo: NewLogo | null) => void;
}

const text = messages.settings.brand;
const KILOBYTE = 1024;
/** As the contract of the logo has it. */
const MAX_BYTES = 256 * KILOBYTE;
const TYPES = ['image/png', 'image/jpeg', 'image/webp'];
const ENDINGS = ['.png', '.jpg', '.jpeg', '.webp'];

/** The bytes of a file as Base64. */
async function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      // read as an address of data, it is text
      if (typeof reader.result === 'string') resolve(reader.result.replace(/^data:[^,]*,/, ''));
    };
    reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read'));
    reader.readAsDataURL(file);
  });
}

/** Whether a browser can draw it; the server looks at the bytes again. */
async function canBeDrawn(file: File): Promise<boolean> {
  return createImageBitmap(file).then(
    (picture) => {
      picture.close();
      return true;
    },
    () => false,
  );
}

/** The logo: as it will look small and wide, another one, or none. */
export function LogoField({ logoUrl, onChange }: Props) {
  const [fault, setFault] = useState<string | undefined>();

  async function take(file: File): Promise<void> {
    if (file.size > MAX_BYTES) {
      const kilobytes = Math.ceil(file.size / KILOBYTE);
      return setFault(text.logoTooLarge(kilobytes, MAX_BYTES / KILOBYTE));
    }
    if (!TYPES.includes(file.type) || !(await canBeDrawn(file))) return setFault(text.logoBroken);
    setFault(undefined);
    onChange({ image: await base64Of(file), type: file.type });
  }

  return (
    <div className={styles['logo']} role="group" aria-label={text.logo}>
      <p className={styles['label']} aria-hidden="true">
        {text.logo}
      </p>
      <div className={styles['logoRow']}>
        <div className={styles['logoNow']} role="img" aria-label={text.logoNow}>
          {logoUrl === null ? <Logo size={48} /> : <img src={logoUrl} alt="" />}
        </div>
        <FileDrop
          className={styles['logoDrop']}
          label={text.logo}
          description={text.logoHint(MAX_BYTES / KILOBYTE)}
          accept={[...ENDINGS, ...TYPES]}
          errorMessage={fault}
          onFiles={([file]) => {
            if (file !== undefined) void take(file).catch(() => setFault(text.logoBroken));
          }}
        />
      </div>
      {logoUrl === null ? (
        <p className={styles['note']}>{text.logoNone}</p>
      ) : (
        <Button size="small" className={styles['start']} onPress={() => onChange(null)}>
          <Trash2 size={14} aria-hidden="true" />
          {text.logoRemove}
        </Button>
      )}
    </div>
  );
}
