import { TableError } from './table.ts';

/** Read as text, in a stream. */
export interface DecodedText {
  /** Known once the first text has been asked for; a file of plain ASCII is UTF-8. */
  encoding: () => string;
  text: AsyncIterable<string>;
}

const STANDARD = 'utf-8';
/** What a file is in that is not UTF-8: spreadsheets on Windows write it wherever Latin letters are used. */
const FALLBACK = 'windows-1252';
const NOT_ASCII = /\P{ASCII}/u;
/** Of UTF-16 without a mark, every other byte is zero where the letters are Latin. */
const ZEROS_OF_UTF16 = 0.3;

/** The label of an encoding as the platform knows it; undefined for one that it does not know. */
export function findEncoding(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

export function decode(bytes: AsyncIterable<Uint8Array>, chosen: string | undefined): DecodedText {
  let encoding = chosen;
  return { encoding: () => encoding ?? STANDARD, text: read() };

  async function* read(): AsyncGenerator<string, void, undefined> {
    let decoder = chosen === undefined ? undefined : new TextDecoder(chosen, { fatal: true });
    let isFirst = true;
    try {
      for await (const chunk of bytes) {
        if (decoder === undefined) {
          encoding = isFirst ? (findByMark(chunk) ?? findByZeros(chunk) ?? findByLetters(chunk)) : findByLetters(chunk);
          if (encoding !== undefined) decoder = new TextDecoder(encoding, { fatal: true });
        }
        isFirst = false;
        // As long as there is nothing but ASCII, it reads alike in either encoding.
        yield decoder === undefined
          ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
          : decoder.decode(chunk, { stream: true });
      }
      if (decoder !== undefined) yield decoder.decode();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new TableError(
        `The file holds bytes that are not ${encoding}. Name its encoding, such as --encoding ${encoding === FALLBACK ? STANDARD : FALLBACK}.`,
      );
    }
  }
}

function findByMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return STANDARD;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

function findByZeros(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 2048);
  const zeros = [0, 0];
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2]!++;
  const pairs = sample.length / 2;
  if (zeros[1]! / pairs > ZEROS_OF_UTF16 && zeros[0]! * 4 < zeros[1]!) return 'utf-16le';
  if (zeros[0]! / pairs > ZEROS_OF_UTF16 && zeros[1]! * 4 < zeros[0]!) return 'utf-16be';
  return undefined;
}

/** Undefined as long as nothing but ASCII has come. A character may be cut off by the end of the piece. */
function findByLetters(bytes: Uint8Array): string | undefined {
  if (!NOT_ASCII.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))) return undefined;
  try {
    new TextDecoder(STANDARD, { fatal: true }).decode(bytes, { stream: true });
    return STANDARD;
  } catch {
    return FALLBACK;
  }
}
