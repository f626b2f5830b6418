/** What we use of it; its own types are a package apart. */
declare module 'cli-progress' {
  export interface Options {
    format?: string;
    barCompleteChar?: string;
    barIncompleteChar?: string;
    barsize?: number;
    linewrap?: boolean;
    gracefulExit?: boolean;
    clearOnComplete?: boolean;
  }

  export class SingleBar {
    constructor(options: Options);
    start(total: number, value: number, payload: Record<string, string>): void;
    update(value: number, payload: Record<string, string>): void;
    stop(): void;
  }
}
