import { Segmented } from 'antd';
import { useState } from 'react';
import { strings } from '../../strings';
import type { AlternativesField, Field } from '../fields';
import { fits } from '../fits';
import { AnyControl } from './AnyControl';
import type { ControlProps } from './control';

/** One of several shapes: which, and then the fields of that. Another choice begins with nothing. */
export function AlternativesControl({ id, label, field, value, onChange, problems }: ControlProps<AlternativesField>) {
  const [chosen, setChosen] = useState(() => Math.max(0, value === undefined ? 0 : field.options.findIndex((option) => fits(option, value))));
  const option = field.options[chosen]!;
  const only = onlyValue(option);
  return (
    <div className="schema-alternatives">
      <Segmented
        size="small"
        aria-label={strings.schemaForm.writtenAs(label)}
        value={chosen}
        options={field.options.map((one, index) => ({ value: index, label: nameOf(one) }))}
        onChange={(next) => {
          setChosen(next);
          onChange(onlyValue(field.options[next]!));
        }}
      />
      {only === undefined && (
        <div>
          <AnyControl key={chosen} id={id} label={label} field={field.fallback === undefined ? option : { ...option, fallback: field.fallback }} value={value} onChange={onChange} problems={problems} />
        </div>
      )}
    </div>
  );
}

/** A choice of one is made when it is chosen. */
const onlyValue = (field: Field) => (field.kind === 'choice' && field.options.length === 1 ? field.options[0] : undefined);

const nameOf = (field: Field) => (field.kind === 'group' ? field.members.map(({ name }) => name).join(', ') : String(onlyValue(field) ?? strings.schemaForm.shapes[field.kind]));
