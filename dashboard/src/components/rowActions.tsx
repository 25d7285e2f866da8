import { DeleteOutlined, EditOutlined } from '@ant-design/icons';
import { Button, type TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { strings } from '../strings';

interface ActionsColumn<T> {
  width: number;
  /** For who may do none of them. */
  hidden?: boolean;
  /** The buttons of a row. */
  render: (row: T) => ReactNode;
}

/** The last column of a table: what can be done with a row. */
export const actionsColumn = <T,>({ width, hidden, render }: ActionsColumn<T>): TableColumnsType<T>[number] => ({
  title: <span className="visually-hidden">{strings.common.actions}</span>,
  key: 'actions',
  width,
  align: 'right',
  hidden,
  render: (_, row) => render(row),
});

interface RowButtonProps {
  /** Of what is in the row. */
  name: string;
  onClick: () => void;
}

/** Opens what is in a row, to be edited. */
export const EditButton = ({ name, onClick }: RowButtonProps) => (
  <Button type="text" icon={<EditOutlined />} aria-label={strings.common.editOf(name)} title={strings.common.edit} onClick={onClick} />
);

/** Asks whether what is in a row is to be deleted. */
export const DeleteButton = ({ name, onClick }: RowButtonProps) => (
  <Button type="text" danger icon={<DeleteOutlined />} aria-label={strings.common.deleteOf(name)} title={strings.common.delete} onClick={onClick} />
);
