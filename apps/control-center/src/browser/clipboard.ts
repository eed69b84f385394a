/** Copies a text; false when the browser does not allow it, so that people can be told to do it by hand. */
export async function copyText(text: string): Promise<boolean> {
  try {
    // not there on pages that came over plain http from another machine
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
