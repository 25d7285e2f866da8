import type { ReactNode } from 'react';

/** Names and values, in columns; what is undefined is left out. */
export function Facts({ items }: { items: ([string, ReactNode] | undefined)[] }) {
  return (
    <dl className="facts">
      {items.flatMap((item) =>
        item === undefined ? [] : [
          <div key={item[0]}>
            <dt>{item[0]}</dt>
            <dd>{item[1]}</dd>
          </div>,
        ],
      )}
    </dl>
  );
}
