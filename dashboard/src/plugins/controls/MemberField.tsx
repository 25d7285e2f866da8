import { Form } from 'antd';
import { useState } from 'react';
import { REDACTED } from '../../components/SecretField';
import { strings } from '../../strings';
import type { Field } from '../fields';
import { holds } from '../fits';
import { isObject } from '../schema';
import { AnyControl } from './AnyControl';
import type { ControlProps } from './control';

/** Names of members that are mostly longer than half a line. */
const LONG = /body|example|public_key|message|msg/;

/** A member of an object: its name, whether it is needed, what it is, and what was refused about it. */
export function MemberField({ required = false, ...props }: ControlProps & { required?: boolean }) {
  const { id, label, field, value, onChange } = props;
  const [isJson] = useState(() => field.kind === 'json' || !holds(field, value));
  const boxed = !isJson && (field.kind === 'group' || field.kind === 'list' || field.kind === 'map' || field.kind === 'alternatives');
  const own = props.problems.filter(({ path }) => path.length === 0 || !boxed).map(({ message }) => message);
  const hint = [isJson ? strings.schemaForm.asJson : undefined, ...hintsOf(field, value)].filter(Boolean).join(' · ');
  // An object without members is not written, as any other field that is left empty.
  const change = (next: unknown) => onChange(!isJson && isObject(next) && Object.keys(next).length === 0 ? undefined : next);

  const control = <AnyControl {...props} onChange={change} problems={props.problems.filter(({ path }) => path.length > 0)} />;
  if (boxed)
    return (
      <div role="group" aria-labelledby={`${id}-title`} className="schema-wide schema-box">
        <div className="schema-title">
          {required && <span className="schema-required">*</span>}
          <span id={`${id}-title`}>{label}</span>
          {hint !== '' && <span className="secondary">{hint}</span>}
        </div>
        {own.map((message) => (
          <div key={message} className="field-problem" role="alert">
            {message}
          </div>
        ))}
        {control}
      </div>
    );
  return (
    <Form.Item
      className={isJson || (field.kind === 'text' && field.free && LONG.test(label)) || field.kind === 'tags' ? 'schema-wide' : undefined}
      label={label}
      htmlFor={id}
      required={required}
      extra={hint === '' ? undefined : hint}
      {...(own.length > 0 && { validateStatus: 'error' as const, help: own.join(' ') })}
    >
      {control}
    </Form.Item>
  );
}

function hintsOf(field: Field, value: unknown): (string | undefined)[] {
  const words = strings.schemaForm;
  const hints = [field.hint];
  if (field.kind === 'text' && value === REDACTED) hints.push(words.kept);
  if (field.kind === 'tags' && field.options === undefined) hints.push(words.tagsHint);
  if (field.kind === 'number') {
    const { min, max, above } = field;
    hints.push(above !== undefined ? words.moreThan(above) : min !== undefined && max !== undefined ? words.between(min, max) : min !== undefined && min !== 0 ? words.atLeast(min) : max !== undefined ? words.atMost(max) : undefined);
  }
  if ((field.kind === 'json' || field.kind === 'list' || field.kind === 'group') && field.fallback !== undefined) hints.push(words.default(JSON.stringify(field.fallback)));
  return hints;
}
