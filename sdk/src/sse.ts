export interface Message {
  /** The last `id` so far, whether it came with this message or before it. */
  id: string | undefined;
  /** Undefined where the message only says where the stream is. */
  data: string | undefined;
}

/** Server-sent events as the HTML standard has them, from text in pieces of any size. */
export class MessageReader {
  #rest = '';
  #id: string | undefined;
  #isNew = false;
  #data: string[] = [];

  *read(piece: string): Generator<Message> {
    // A piece may end between the two characters of a line's end.
    const text = this.#rest + piece;
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() as string;
    for (const line of lines) {
      if (line !== '') this.#readField(line);
      else if (this.#isNew || this.#data.length > 0) {
        yield { id: this.#id, data: this.#data.length > 0 ? this.#data.join('\n') : undefined };
        this.#data = [];
        this.#isNew = false;
      }
    }
  }

  #readField(line: string): void {
    const [, name, value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) as RegExpExecArray;
    if (name === 'data') this.#data.push(value);
    if (name === 'id') {
      this.#id = value;
      this.#isNew = true;
    }
  }
}
