/** What one node says to all, itself included: kept nowhere, and heard only by those who listen at the moment. Through PgBouncer other nodes hear nothing. */
export interface Signals {
  /** `text` has at most some 7,000 bytes. */
  send(text: string): Promise<void>;
  listen(hear: (text: string) => void): void;
}
