import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { strings } from '../../strings';
import { emptyOf, type ListField } from '../fields';
import { AnyControl } from './AnyControl';
import { below, type ControlProps } from './control';

/** A list of what is more than a text or a number: a box for each. */
export function ListControl({ id, label, field, value, onChange, problems }: ControlProps<ListField>) {
  const items: unknown[] = Array.isArray(value) ? value : [];
  // An item keeps its key when another one goes: what is half typed in it stays its own.
  const [keys, setKeys] = useState(() => items.map((_, index) => index));
  const next = useRef(items.length);
  const add = () => {
    setKeys([...keys, next.current++]);
    onChange([...items, emptyOf(field.item)]);
  };
  const remove = (at: number) => {
    setKeys(keys.filter((_, index) => index !== at));
    onChange(items.length === 1 ? undefined : items.filter((_, index) => index !== at));
  };
  return (
    <div className="schema-list">
      {items.map((item, index) => (
        <div key={keys[index]} className="schema-item" role="group" aria-label={strings.schemaForm.item(label, index + 1)}>
          <div className="schema-item-head">
            <span className="secondary">{strings.schemaForm.item(label, index + 1)}</span>
            <Button
              type="text"
              danger
              size="small"
              icon={<DeleteOutlined />}
              aria-label={strings.schemaForm.removeFrom(label, index + 1)}
              title={strings.schemaForm.removeFrom(label, index + 1)}
              onClick={() => remove(index)}
            />
          </div>
          <AnyControl
            id={`${id}-${index}`}
            label={strings.schemaForm.item(label, index + 1)}
            field={field.item}
            value={item}
            onChange={(changed) => onChange(items.map((old, at) => (at === index ? (changed ?? emptyOf(field.item)) : old)))}
            problems={below(problems, index)}
          />
        </div>
      ))}
      <Button id={id} icon={<PlusOutlined />} aria-label={strings.schemaForm.addTo(label)} onClick={add}>
        {strings.schemaForm.add}
      </Button>
    </div>
  );
}
