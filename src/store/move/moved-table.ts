/** A table as both engines have it: what is copied, in which order, and what is compared. */
export interface MovedTable {
  name: string;
  /** Unique in all of the table. Rows travel, and are compared, in its order. */
  key: readonly string[];
  /** Everything that both have. */
  columns: readonly string[];
  /** Where SQLite finds the columns, if the table alone lacks some. Outer joins, so that a row without its other half is not passed over. */
  source?: string;
  /** Only PostgreSQL's: drawn for each row, as each write does. */
  isRevised?: true;
  /** Its key is given in sequence, and a number that was given once is not given again. */
  issuesIds?: true;
  /** Its rows are in a new database already, and are replaced. */
  isPresent?: true;
}
