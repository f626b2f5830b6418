import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A library that many installations never need, or not for long: it is read when it is first used. Until then it costs no memory, and the start no time. */
export function onFirstUse<Library>(name: string): () => Library {
  let loaded: Library | undefined;
  return () => (loaded ??= require(name) as Library);
}
