import type { TablePaginationConfig } from 'antd';
import { strings } from '../strings';

/** The pages of a table whose rows the server gives a page at a time. */
export const pagingOf = (page: number, pageSize: number, total: number | undefined, onChange: (page: number) => void): TablePaginationConfig => ({
  current: page,
  pageSize,
  total: total ?? 0,
  showSizeChanger: false,
  hideOnSinglePage: true,
  showTotal: (all, [from, to]) => strings.common.range(from, to, all),
  onChange,
});
