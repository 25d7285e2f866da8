import type { ReactNode } from 'react';

/** A part of a form: what it is about, and its fields. */
export function Section({ id, title, about, children }: { id: string; title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <section aria-labelledby={`section-${id}`} className="panel section">
      <div className="section-about">
        <h2 id={`section-${id}`}>{title}</h2>
        <p className="secondary">{about}</p>
      </div>
      <div className="section-fields">{children}</div>
    </section>
  );
}
