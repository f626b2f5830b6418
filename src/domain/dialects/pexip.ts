import type { DeclaredDialect } from '../declared-dialect.ts';

export const pexip = { settings: {}, secrets: {}, takesTokens: false } as const satisfies DeclaredDialect;
