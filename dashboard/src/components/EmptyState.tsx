import type { ReactNode } from 'react';

interface EmptyStateProps {
  title: string;
  /** What to do now. */
  hint: ReactNode;
  action?: ReactNode;
}

/** A list that has nothing yet says what to do. */
export function EmptyState({ title, hint, action }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <strong>{title}</strong>
      <p>{hint}</p>
      {action}
    </div>
  );
}
