import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing.ts';
import { createSoundDesk, MUTE_MS, RING_APART_MS, RING_EVERY_MS } from './sound-desk.ts';
import { type AudioContextLike, createSoundPlayer, type SoundName } from './sound-player.ts';

/** A desk whose sounds are noted with the second they were played at. */
function quietRoom(wasQuiet = false) {
  const clock = createManualClock(0);
  const heard: string[] = [];
  const memory = { isQuiet: wasQuiet };
  const desk = createSoundDesk({
    clock,
    player: {
      play: (sound: SoundName) => void heard.push(`${sound} ${clock.nowMs() / 1000}`),
      unlock: () => Promise.resolve(true),
      isBlocked: () => false,
      subscribe: () => () => undefined,
      stop: () => void heard.push('end'),
    },
    memory: {
      read: () => memory.isQuiet,
      write: (isQuiet) => void (memory.isQuiet = isQuiet),
    },
  });
  return { clock, desk, heard, memory };
}

describe('critical alerts', () => {
  test('ring at once and every five seconds until they are answered', () => {
    const { clock, desk, heard } = quietRoom();
    desk.setUnanswered([1]);
    clock.advance(2 * RING_EVERY_MS);
    desk.setUnanswered([]);
    clock.advance(10 * RING_EVERY_MS);
    expect(heard).toEqual(['critical 0', 'critical 5', 'critical 10']);
  });

  test('ring once more when another one comes, not twice as often', () => {
    const { clock, desk, heard } = quietRoom();
    desk.setUnanswered([1]);
    clock.advance(2000);
    desk.setUnanswered([1, 2]);
    clock.advance(RING_EVERY_MS);
    expect(heard).toEqual(['critical 0', 'critical 2', 'critical 7']);
  });

  test('that come together are one ring, and one more a second later', () => {
    const { clock, desk, heard } = quietRoom();
    for (const ids of [[1], [1, 2], [1, 2, 3]]) {
      desk.setUnanswered(ids);
      clock.advance(100);
    }
    clock.advance(RING_APART_MS + RING_EVERY_MS);
    expect(heard).toEqual(['critical 0', 'critical 1', 'critical 6']);
  });

  test('that were answered before their turn came do not ring', () => {
    const { clock, desk, heard } = quietRoom();
    desk.setUnanswered([1]);
    desk.setUnanswered([1, 2]);
    desk.setUnanswered([]);
    clock.advance(RING_EVERY_MS);
    expect(heard).toEqual(['critical 0']);
  });

  test('are silent once the desk was left, and the audio of the browser is given back', () => {
    const { clock, desk, heard } = quietRoom();
    desk.setUnanswered([1]);
    desk.stop();
    clock.advance(RING_EVERY_MS);
    expect(heard).toEqual(['critical 0', 'end']);
  });

  test('go on in the same rhythm when one of two is answered', () => {
    const { clock, desk, heard } = quietRoom();
    desk.setUnanswered([1, 2]);
    clock.advance(3000);
    desk.setUnanswered([2]);
    clock.advance(2000);
    expect(heard).toEqual(['critical 0', 'critical 5']);
  });

  test('ring although other sounds are switched off', () => {
    const { desk, heard } = quietRoom(true);
    desk.setUnanswered([1]);
    expect(heard).toEqual(['critical 0']);
  });
});

describe('muting', () => {
  test('lasts a minute, then it rings again', () => {
    const { clock, desk, heard } = quietRoom();
    desk.setUnanswered([1]);
    desk.mute();
    expect(desk.snapshot().mutedUntilMs).toBe(MUTE_MS);
    clock.advance(MUTE_MS - 1);
    expect(heard).toEqual(['critical 0']);
    clock.advance(1 + RING_EVERY_MS);
    expect(heard).toEqual(['critical 0', 'critical 60', 'critical 65']);
    expect(desk.snapshot().mutedUntilMs).toBeNull();
  });

  test('ends when a critical alert comes that was not there', () => {
    const { clock, desk, heard } = quietRoom();
    desk.setUnanswered([1]);
    desk.mute();
    clock.advance(10_000);
    desk.setUnanswered([1, 2]);
    expect(heard).toEqual(['critical 0', 'critical 10']);
    expect(desk.snapshot().mutedUntilMs).toBeNull();
  });

  test('is over with the last answer, so the next alert rings', () => {
    const { clock, desk, heard } = quietRoom();
    desk.setUnanswered([1]);
    desk.mute();
    desk.setUnanswered([]);
    clock.advance(RING_APART_MS);
    desk.setUnanswered([2]);
    expect(heard).toEqual(['critical 0', 'critical 1']);
  });

  test('can be taken back', () => {
    const { clock, desk, heard } = quietRoom();
    desk.setUnanswered([1]);
    desk.mute();
    clock.advance(1000);
    desk.unmute();
    expect(heard).toEqual(['critical 0', 'critical 1']);
  });
});

describe('the soft sound of high alerts', () => {
  test('is played once', () => {
    const { clock, desk, heard } = quietRoom();
    desk.ringSoftly();
    clock.advance(60_000);
    expect(heard).toEqual(['soft 0']);
  });

  test('is not played while something critical rings, while muted or switched off', () => {
    const { desk, heard } = quietRoom();
    desk.setUnanswered([1]);
    desk.ringSoftly();
    desk.setUnanswered([]);
    desk.mute();
    desk.ringSoftly();
    desk.unmute();
    desk.setQuiet(true);
    desk.ringSoftly();
    expect(heard).toEqual(['critical 0']);
  });

  test('that it is off is remembered', () => {
    const { desk, memory } = quietRoom();
    desk.setQuiet(true);
    expect(memory.isQuiet).toBe(true);
    expect(quietRoom(true).desk.snapshot().isQuiet).toBe(true);
  });
});

/** A browser's audio, as far as the player uses it; `started` counts tones. */
function fakeAudio(state: 'suspended' | 'running') {
  const audio = { state: state as string, started: 0, mayRun: state === 'running' };
  const param = { value: 0, setValueAtTime: () => param, linearRampToValueAtTime: () => param };
  const node = { connect: () => undefined };
  const context = {
    get state() {
      return audio.state;
    },
    currentTime: 0,
    destination: node,
    resume() {
      if (!audio.mayRun) return new Promise<void>(() => undefined);
      audio.state = 'running';
      return Promise.resolve();
    },
    createOscillator: () => ({
      ...node,
      type: '',
      frequency: param,
      start: () => void (audio.started += 1),
      stop: () => undefined,
    }),
    createGain: () => ({ ...node, gain: param }),
    close() {
      audio.state = 'closed';
      return Promise.resolve();
    },
    addEventListener: () => undefined,
    // the parts of a browser's audio that a player touches; there is none in a test
  } as unknown as AudioContextLike;
  return { audio, context };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe('the player', () => {
  test('starts two tones for a critical alert and one for a soft sound', async () => {
    const { audio, context } = fakeAudio('running');
    const clock = createManualClock(0);
    const player = createSoundPlayer({ clock, makeContext: () => context });
    player.play('critical');
    await settle();
    expect(audio.started).toBe(2);
    player.play('soft');
    await settle();
    expect(audio.started).toBe(3);
  });

  test('is blocked until somebody touches the page, and then does not play what was missed', async () => {
    const { audio, context } = fakeAudio('suspended');
    const clock = createManualClock(0);
    const player = createSoundPlayer({ clock, makeContext: () => context });
    player.play('critical');
    player.play('critical');
    clock.advance(1000);
    await settle();
    expect([audio.started, player.isBlocked()]).toEqual([0, true]);
    audio.mayRun = true;
    expect(await player.unlock()).toBe(true);
    expect([audio.started, player.isBlocked()]).toEqual([0, false]);
  });

  test('is not called blocked before the browser has refused, and not at all when it grants sound', async () => {
    const refused = fakeAudio('suspended');
    const clock = createManualClock(0);
    const player = createSoundPlayer({ clock, makeContext: () => refused.context });
    const answer = player.unlock();
    expect(player.isBlocked()).toBe(false);
    clock.advance(1000);
    expect([await answer, player.isBlocked()]).toEqual([false, true]);
    const granted = fakeAudio('running');
    const other = createSoundPlayer({ clock, makeContext: () => granted.context });
    expect([await other.unlock(), other.isBlocked()]).toEqual([true, false]);
  });

  test('closes the audio of the browser when it is stopped, and plays nothing after that', async () => {
    const { audio, context } = fakeAudio('running');
    const clock = createManualClock(0);
    const player = createSoundPlayer({ clock, makeContext: () => context });
    await player.unlock();
    player.stop();
    player.play('critical');
    await settle();
    expect([audio.state, audio.started]).toEqual(['closed', 0]);
  });

  test('without sound in the browser it stays blocked', async () => {
    const clock = createManualClock(0);
    const player = createSoundPlayer({ clock, makeContext: () => null });
    player.play('critical');
    const answer = player.unlock();
    clock.advance(1000);
    expect([await answer, player.isBlocked()]).toEqual([false, true]);
  });
});
