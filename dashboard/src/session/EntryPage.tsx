import { Card, Typography } from 'antd';
import type { ReactNode } from 'react';
import { Brand } from '../shell/Brand';

/** A page before everything else: the brand and one form. */
export function EntryPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="entry">
      <Brand />
      <Card className="entry-card">
        <Typography.Title level={1} className="entry-title">
          {title}
        </Typography.Title>
        {children}
      </Card>
    </main>
  );
}
