import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useRef, useState } from 'react';
import { strings } from '../../strings';
import { emptyOf, type MapField } from '../fields';
import { isObject } from '../schema';
import { AnyControl } from './AnyControl';
import { below, type ControlProps } from './control';

interface Row {
  key: number;
  name: string;
  value: unknown;
}

/** Any names, each with a value: a row for each. A row without a name is not written. */
export function MapControl({ id, label, field, value, onChange, problems }: ControlProps<MapField>) {
  const [rows, setRows] = useState<Row[]>(() => Object.entries(isObject(value) ? value : {}).map(([name, item], key) => ({ key, name, value: item })));
  const next = useRef(rows.length);
  const words = strings.schemaForm;

  const change = (changed: Row[]) => {
    setRows(changed);
    const named = changed.filter(({ name }) => name !== '');
    onChange(named.length === 0 ? undefined : Object.fromEntries(named.map((row) => [row.name, row.value ?? emptyOf(field.value)])));
  };
  const edit = (at: number, part: Partial<Row>) => change(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));

  return (
    <div className="schema-list">
      {rows.map(({ key, name, value: item }, index) => {
        const twice = name !== '' && rows.findIndex((row) => row.name === name) < index;
        const told = below(problems, name);
        return (
          <div key={key} className="schema-row">
            <div>
              <Input
                aria-label={words.keyOf(label, index + 1)}
                placeholder={words.key}
                autoComplete="off"
                spellCheck={false}
                status={twice ? 'error' : ''}
                value={name}
                onChange={({ target }) => edit(index, { name: target.value })}
              />
              {twice && <div className="field-problem">{words.twice}</div>}
            </div>
            <div>
              <AnyControl id={`${id}-${key}`} label={words.valueOf(label, index + 1)} field={field.value} value={item} onChange={(changed) => edit(index, { value: changed })} problems={told} />
              {told.map((problem) => (
                <div key={problem.message} className="field-problem">
                  {problem.message}
                </div>
              ))}
            </div>
            <Button
              type="text"
              danger
              icon={<DeleteOutlined />}
              aria-label={words.removeFrom(label, index + 1)}
              title={words.removeFrom(label, index + 1)}
              onClick={() => change(rows.filter((_, at) => at !== index))}
            />
          </div>
        );
      })}
      <Button id={id} icon={<PlusOutlined />} aria-label={words.addTo(label)} onClick={() => setRows([...rows, { key: next.current++, name: '', value: undefined }])}>
        {words.add}
      </Button>
    </div>
  );
}
