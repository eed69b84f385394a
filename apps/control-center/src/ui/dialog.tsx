import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import { IconButton } from './button.tsx';
import styles from './dialog.module.css';

interface Props {
  readonly title: ReactNode;
  readonly isOpen: boolean;
  /** Escape, a press outside, the cross. */
  readonly onClose: () => void;
  /** Buttons below a line, the main one last. */
  readonly footer?: ReactNode;
  readonly size?: 'normal' | 'large';
  /** False: a press outside does nothing, for what must not be lost. */
  readonly isDismissable?: boolean;
  /** `alertdialog` interrupts: only for a question that must be answered. */
  readonly role?: 'dialog' | 'alertdialog';
  readonly children: ReactNode;
}

/** A page over the page. Focus stays inside, and goes back to where it came from. On phones a sheet. */
export function Dialog(props: Props) {
  const { title, isOpen, onClose, footer, size = 'normal', children } = props;
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={props.isDismissable ?? true}
      className={styles['veil'] ?? ''}
    >
      <Modal className={styles['modal'] ?? ''} data-size={size}>
        <AriaDialog role={props.role ?? 'dialog'} className={styles['dialog'] ?? ''}>
          <header className={styles['head']}>
            <Heading slot="title" level={2} className={styles['title'] ?? ''}>
              {title}
            </Heading>
            <IconButton label={messages.ui.close} slot={null} onPress={onClose}>
              <X size={18} aria-hidden="true" />
            </IconButton>
          </header>
          <div className={styles['body']}>{children}</div>
          {footer !== undefined && <footer className={styles['foot']}>{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
