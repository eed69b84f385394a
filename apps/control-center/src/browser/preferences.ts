/** Choices of a person that hold on this machine. Where storage is blocked they hold until the page is left. */

/** A choice between yes and no. */
export interface Flag {
  read(): boolean;
  write(value: boolean): void;
}

/** Keeps one flag under a key of the local storage; absent is false. */
export function storedFlag(key: string): Flag {
  let held = false;
  return {
    read() {
      try {
        return localStorage.getItem(key) !== null;
      } catch {
        return held;
      }
    },
    write(value) {
      held = value;
      try {
        if (value) localStorage.setItem(key, '1');
        else localStorage.removeItem(key);
      } catch {
        // storage is blocked: the choice holds until the page is left
      }
    },
  };
}

/** Only critical alerts ring. */
export const quietSound = storedFlag('followme.quiet');
/** Single letters are no commands. */
export const lettersOff = storedFlag('followme.lettersOff');
