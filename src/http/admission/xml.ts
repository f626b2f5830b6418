/** Text that is XML already. */
export class Xml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | boolean | undefined;
type Child = Xml | string | number | undefined;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** XML 1.0 has no place for these, escaped or not: https://www.w3.org/TR/xml/#charsets */
// oxlint-disable-next-line no-control-regex
const NO_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** An element: what is undefined is left out, and whatever is not Xml is escaped. */
export function element(name: string, attributes: Readonly<Record<string, Value>> = {}, ...children: Child[]): Xml {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const start = `<${name}${given.map(([key, value]) => ` ${key}="${escape(String(value))}"`).join('')}`;
  const content = children
    .filter((child) => child !== undefined)
    .map((child) => (child instanceof Xml ? child.text : escape(String(child))));
  return new Xml(content.length === 0 ? `${start}/>` : `${start}>${content.join('')}</${name}>`);
}

function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(NO_CHARACTERS, '')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] as string);
}
