import type { ReactNode } from 'react';

/** What something is called, and below it what is said of it, if anything is: in a cell of a table, or as an option of a list. */
export function TwoLines({ first, second }: { first: ReactNode; second?: ReactNode }) {
  return (
    <div className="name-and-id">
      <span>{first}</span>
      {second && <span className="secondary">{second}</span>}
    </div>
  );
}
