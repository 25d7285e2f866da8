import { Typography } from 'antd';
import { useEffect, type ReactNode } from 'react';
import { strings } from '../strings';

interface PageProps {
  title: string;
  /** One line below the title. */
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page: its title, what can be done, what there is. */
export function Page({ title, about, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${strings.brand.name}`;
  }, [title]);
  return (
    <>
      <header className="page-header">
        <div>
          <Typography.Title level={1}>{title}</Typography.Title>
          <div className="page-about">{about}</div>
        </div>
        <div className="page-actions">{actions}</div>
      </header>
      {children}
    </>
  );
}
