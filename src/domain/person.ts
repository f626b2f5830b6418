/** What is wrong with the two names of a person (C13), or undefined: who has one name leaves the other blank. */
export function findBothBlankProblem(first: string, last: string): string | undefined {
  return first.trim() === '' && last.trim() === ''
    ? 'must not be blank where the other name is blank: client.first or client.last is needed'
    : undefined;
}

/** How a person is called in a list, on a page or in a conference. */
export function fullNameOf({ first, last }: { first: string; last: string }): string {
  return `${first} ${last}`.trim();
}
