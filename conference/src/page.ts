interface PageData {
  /** Below which path this hub is. */
  base: string;
  company: string;
  numbers: { number: string; shown: string }[];
  texts: Record<string, string>;
}

const data = JSON.parse(document.querySelector('#data')?.textContent ?? '{}') as PageData;

export const { base, company, numbers } = data;

/** A text of the visitor's language, with what is put into it. */
export function say(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  return (data.texts[`conference.${key}`] ?? key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}
