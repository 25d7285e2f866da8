import { useId, type ReactNode } from 'react';

interface SectionProps {
  title: string;
  about?: ReactNode;
  children: ReactNode;
}

/** A part of a form: what it is about, and its fields. */
export function Section({ title, about, children }: SectionProps) {
  // A page may have the forms of two objects, and so two sections of a title.
  const id = useId();
  return (
    <section aria-labelledby={id} className="panel section">
      <div className="section-about">
        <h2 id={id}>{title}</h2>
        <p className="secondary">{about}</p>
      </div>
      <div className="section-fields">{children}</div>
    </section>
  );
}
