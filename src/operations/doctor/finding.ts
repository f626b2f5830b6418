export interface Finding {
  check: string;
  result: 'ok' | 'warning' | 'problem';
  /** What was found and, where it is not well, what to do. */
  detail: string;
}

export const ok = (check: string, detail: string): Finding => ({ check, result: 'ok', detail });
export const warning = (check: string, detail: string): Finding => ({ check, result: 'warning', detail });
export const problem = (check: string, detail: string): Finding => ({ check, result: 'problem', detail });
