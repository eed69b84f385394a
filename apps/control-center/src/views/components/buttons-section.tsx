import { Crosshair, Plus, Send, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { ARABIC_NAME, EMOJI_NAME, LONG_NAME } from './samples.ts';
import { Row, Specimen, SpecimenSection } from './specimen.tsx';

const KINDS = [
  ['primary', 'Send to 85 people'],
  ['plain', 'Cancel'],
  ['ghost', 'All groups'],
  ['critical', 'Acknowledge'],
] as const;

/** Buttons with words and with pictures. */
export function ButtonsSection() {
  return (
    <SpecimenSection id="buttons" title="Buttons">
      <Specimen title="Kinds">
        <Row>
          {KINDS.map(([kind, words]) => (
            <Button key={kind} kind={kind}>
              {words}
            </Button>
          ))}
        </Row>
      </Specimen>
      <Specimen title="Disabled">
        <Row>
          {KINDS.map(([kind, words]) => (
            <Button key={kind} kind={kind} isDisabled>
              {words}
            </Button>
          ))}
        </Row>
      </Specimen>
      <Specimen title="Pending" note="Keeps width and focus; says “Working” aloud.">
        <Row>
          {KINDS.map(([kind, words]) => (
            <Button key={kind} kind={kind} isPending>
              {words}
            </Button>
          ))}
        </Row>
      </Specimen>
      <Specimen title="Sizes">
        <Row>
          <Button size="small">Try again</Button>
          <Button>
            <Send size={16} aria-hidden="true" />
            Send
          </Button>
          <Button size="large" kind="primary">
            Log in
          </Button>
        </Row>
      </Specimen>
      <PressedAndPictures />
    </SpecimenSection>
  );
}

function PressedAndPictures() {
  const [isFollowing, setFollowing] = useState(true);
  return (
    <>
      <Specimen title="Pressed">
        <Row>
          <Button aria-pressed={isFollowing} onPress={() => setFollowing(!isFollowing)}>
            <Crosshair size={16} aria-hidden="true" />
            Follow
          </Button>
          <IconButton
            label="Follow"
            aria-pressed={isFollowing}
            onPress={() => setFollowing(!isFollowing)}
          >
            <Crosshair size={16} aria-hidden="true" />
          </IconButton>
        </Row>
      </Specimen>
      <Specimen title="Pictures" note="The label appears on hover and on focus.">
        <Row>
          <IconButton label="Close">
            <X size={18} aria-hidden="true" />
          </IconButton>
          <IconButton label="Add" isDisabled>
            <Plus size={18} aria-hidden="true" />
          </IconButton>
          <IconButton label="Delete" isPending>
            <Trash2 size={18} aria-hidden="true" />
          </IconButton>
          <IconButton label="Add a corner" size="small">
            <Plus size={16} aria-hidden="true" />
          </IconButton>
        </Row>
      </Specimen>
      <Specimen title="Long, right to left, emoji">
        <Row>
          <Button>
            <span>{LONG_NAME}</span>
          </Button>
          <Button>
            <bdi>{ARABIC_NAME}</bdi>
          </Button>
          <Button>{EMOJI_NAME}</Button>
        </Row>
      </Specimen>
    </>
  );
}
