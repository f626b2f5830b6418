import type { DeclaredDialect } from '../declared-dialect.ts';

export const asterisk = { settings: {}, secrets: {}, takesTokens: false } as const satisfies DeclaredDialect;
