import { Copy, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { MenuButton, MenuItem, MenuSection, MenuSeparator } from '../../ui/menu.tsx';
import { Popover } from '../../ui/popover.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { LONG_NAME } from './samples.ts';
import { Row, Specimen, SpecimenSection } from './specimen.tsx';

/** What opens over the page. */
export function OverlaysSection() {
  return (
    <SpecimenSection id="overlays" title="Dialogs, menus, toasts">
      <DialogSpecimen />
      <Specimen title="Menu">
        <Row>
          <MenuButton
            label="Place"
            trigger={
              <IconButton label="More">
                <Ellipsis size={18} aria-hidden="true" />
              </IconButton>
            }
          >
            <PlaceMenu />
          </MenuButton>
          <MenuButton label="Place" trigger={<Button>More</Button>}>
            <PlaceMenu />
          </MenuButton>
        </Row>
      </Specimen>
      <Specimen title="Popover and tooltip">
        <Row>
          <Popover label="What is this?" trigger={<Button>What is this?</Button>}>
            <p>A place tells when a tracker enters, leaves or stays.</p>
          </Popover>
          <Tooltip text={LONG_NAME}>
            <Button kind="ghost">Hover or focus</Button>
          </Tooltip>
        </Row>
      </Specimen>
      <ToastSpecimen />
    </SpecimenSection>
  );
}

function PlaceMenu() {
  return (
    <>
      <MenuItem icon={<Pencil size={16} aria-hidden="true" />} shortcut="E" onAction={told('Edit')}>
        Edit
      </MenuItem>
      <MenuItem
        icon={<Copy size={16} aria-hidden="true" />}
        detail="With its rules"
        onAction={told('Copy')}
      >
        Copy
      </MenuItem>
      <MenuItem isDisabled onAction={told('Replay')}>
        Replay
      </MenuItem>
      <MenuSeparator />
      <MenuSection title="For good">
        <MenuItem
          icon={<Trash2 size={16} aria-hidden="true" />}
          isDestructive
          onAction={told('Delete')}
        >
          Delete
        </MenuItem>
      </MenuSection>
    </>
  );
}

function told(title: string): () => void {
  return () => {
    showToast({ kind: 'info', title });
  };
}

function DialogSpecimen() {
  const [open, setOpen] = useState<'none' | 'dialog' | 'confirm'>('none');
  const close = (): void => setOpen('none');
  return (
    <Specimen title="Dialog">
      <Row>
        <Button onPress={() => setOpen('dialog')}>Rename place</Button>
        <Button kind="critical" onPress={() => setOpen('confirm')}>
          Delete place
        </Button>
      </Row>
      <Dialog
        title="Rename place"
        isOpen={open === 'dialog'}
        onClose={close}
        footer={
          <>
            <Button onPress={close}>Cancel</Button>
            <Button kind="primary" onPress={close}>
              Rename
            </Button>
          </>
        }
      >
        <TextField label="Name" defaultValue={LONG_NAME} autoFocus />
      </Dialog>
      <ConfirmDialog
        title="Delete Galgenwaard?"
        text="2 rules stop working, 14 entries of last week stay in the history."
        confirmLabel="Delete place"
        isOpen={open === 'confirm'}
        onClose={close}
        onConfirm={close}
      />
    </Specimen>
  );
}

function ToastSpecimen() {
  return (
    <Specimen title="Toasts" note="At most four; pointer or focus holds their time.">
      <Row>
        <Button
          onPress={() =>
            showToast({
              kind: 'ok',
              title: 'Place deleted',
              action: { label: 'Undo', onPress: told('Place is back') },
            })
          }
        >
          Done, with undo
        </Button>
        <Button
          onPress={() =>
            showToast({ kind: 'critical', title: 'SOS: Patrol 14', text: LONG_NAME, stayMs: 0 })
          }
        >
          Critical, stays
        </Button>
        <Button
          onPress={() =>
            showToast({ kind: 'warning', title: 'Not saved', text: 'The server does not answer.' })
          }
        >
          Warning
        </Button>
      </Row>
    </Specimen>
  );
}
