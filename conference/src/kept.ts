const NAME = 'parley-name';
const KEY_M = 'parley-key-m';
const OFF = 'off';
/** For as long as the page is open, where the browser lets it keep nothing. */
const kept = new Map<string, string>();

export const rememberName = (name: string): void => remember(NAME, name);
export const rememberedName = (): string => remembered(NAME);

/** A key that does something by itself can be turned off: https://www.w3.org/TR/WCAG22/#character-key-shortcuts */
export const rememberKey = (isOn: boolean): void => remember(KEY_M, isOn ? '' : OFF);
export const isKeyOn = (): boolean => remembered(KEY_M) !== OFF;

function remember(key: string, value: string): void {
  kept.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it is said again the next time.
  }
}

function remembered(key: string): string {
  try {
    return kept.get(key) ?? localStorage.getItem(key) ?? '';
  } catch {
    return kept.get(key) ?? '';
  }
}
