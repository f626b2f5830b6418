const KEY = 'parley-name';
let name: string | undefined;

/** Kept where the browser lets the page keep something, and for as long as the page is open where not. */
export function rememberName(given: string): void {
  name = given;
  try {
    localStorage.setItem(KEY, given);
  } catch {
    // Then it is typed again the next time.
  }
}

export function rememberedName(): string {
  try {
    return name ?? localStorage.getItem(KEY) ?? '';
  } catch {
    return name ?? '';
  }
}
