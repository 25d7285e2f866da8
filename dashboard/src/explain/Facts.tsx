import { Descriptions } from 'antd';
import type { ReactNode } from 'react';

/** Names and values, one beside the other; what is undefined is left out. */
export function Facts({ items }: { items: ([string, ReactNode] | undefined)[] }) {
  return <Descriptions size="small" column={{ xs: 1, sm: 1, md: 2, lg: 3 }} items={items.flatMap((item) => (item ? [{ key: item[0], label: item[0], children: item[1] }] : []))} />;
}
