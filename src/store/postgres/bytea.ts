/** https://www.postgresql.org/docs/15/datatype-binary.html, hex format. */
export function asBytea(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes).toString('hex')}`;
}
