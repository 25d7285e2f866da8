import { Segmented } from 'antd';
import { useState } from 'react';
import { strings } from '../../strings';
import type { GroupField } from '../fields';
import { isObject } from '../schema';
import { below, type ControlProps } from './control';
import { MemberField } from './MemberField';

/** An object: its known members as fields, others as JSON. */
export function GroupControl({ id, label, field, value, onChange, problems }: ControlProps<GroupField>) {
  const object = isObject(value) ? value : {};
  const sets = field.oneOf ?? [];
  const present = sets.findIndex((set) => set.length > 0 && set.every((name) => name in object));
  const [picked, setPicked] = useState(Math.max(0, present));
  const chosen = sets[present >= 0 ? present : picked] ?? [];
  const isOffered = (name: string) => name in object || chosen.includes(name) || !sets.some((set) => set.includes(name));

  const set = (name: string, next: unknown) => {
    const { [name]: _gone, ...rest } = object;
    onChange(next === undefined ? rest : { ...object, [name]: next });
  };
  const pick = (index: number) => {
    setPicked(index);
    const others = sets.flat().filter((name) => !sets[index]!.includes(name));
    onChange(Object.fromEntries(Object.entries(object).filter(([name]) => !others.includes(name))));
  };

  // What is chosen stands below the choice.
  const inSets = new Set(sets.flat());
  const members = field.members.filter(({ name }) => isOffered(name)).sort((a, b) => Number(inSets.has(b.name)) - Number(inSets.has(a.name)));
  const strangers = Object.keys(object).filter((name) => !field.members.some((member) => member.name === name));
  const shown = new Set<string | number>([...members.map(({ name }) => name), ...strangers]);
  return (
    <div className="schema-fields">
      {problems
        .filter(({ path }) => path.length === 0 || !shown.has(path[0]!))
        .map(({ path, message }) => (
          <div key={message} className="field-problem schema-wide" role="alert">
            {[...(path.length > 0 ? [path.join('.')] : []), message].join(': ')}
          </div>
        ))}
      {sets.length > 1 && (
        <div className="schema-wide schema-choice">
          <span>{strings.schemaForm.oneOf}</span>
          <Segmented
            aria-label={`${label}: ${strings.schemaForm.oneOf}`}
            value={sets.indexOf(chosen)}
            options={sets.map((names, index) => ({ value: index, label: names.join(', ') }))}
            onChange={pick}
          />
        </div>
      )}
      {field.anyOf && <div className="schema-wide schema-choice secondary">{strings.schemaForm.anyOf(field.anyOf.map((names) => names.join(' + ')).join(', '))}</div>}
      {members.map(({ name, required, field: member }) => (
        <MemberField
          key={name}
          id={`${id}-${name}`}
          label={name}
          required={required || chosen.includes(name)}
          field={member}
          value={object[name]}
          onChange={(next) => set(name, next)}
          problems={below(problems, name)}
        />
      ))}
      {strangers.map((name) => (
        <MemberField key={name} id={`${id}-${name}`} label={name} field={{ kind: 'json' }} value={object[name]} onChange={(next) => set(name, next)} problems={below(problems, name)} />
      ))}
    </div>
  );
}
