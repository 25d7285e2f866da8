import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useId, type ReactNode } from 'react';
import { strings } from '../strings';
import { comparedOf, missingOf, NEW, OPERATORS, SOURCES, takesNothing, takesNumber, withOperator, type Condition, type Source } from './condition';

interface ConditionRowsProps {
  conditions: Condition[];
  /** Whether what is missing is said. */
  isChecked: boolean;
  /** What there is to look at. */
  sources?: readonly Source[];
  onChange: (conditions: Condition[]) => void;
  /** What stands beside the button that adds one. */
  children?: ReactNode;
}

/** Conditions that all have to hold, each in a row. */
export function ConditionRows({ conditions, isChecked, sources = SOURCES, onChange, children }: ConditionRowsProps) {
  return (
    <>
      {conditions.map((condition, at) => (
        <ConditionRow
          key={at}
          number={at + 1}
          condition={condition}
          missing={isChecked ? missingOf(condition) : undefined}
          sources={sources}
          onChange={(next) => onChange(conditions.with(at, next))}
          onRemove={() => onChange(conditions.toSpliced(at, 1))}
        />
      ))}
      <div className="condition-actions">
        <Button icon={<PlusOutlined />} onClick={() => onChange([...conditions, NEW])}>
          {strings.conditions.add}
        </Button>
        {children}
      </div>
    </>
  );
}

interface ConditionRowProps {
  number: number;
  condition: Condition;
  missing: ReturnType<typeof missingOf>;
  sources: readonly Source[];
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

function ConditionRow({ number, condition, missing, sources, onChange, onRemove }: ConditionRowProps) {
  const { source, name, operator, value } = condition;
  const words = strings.conditions;
  const offered = sources.includes(source) ? sources : [...sources, source];
  const text = { spellCheck: false, autoComplete: 'off' };
  return (
    <div className="condition-row">
      <Select aria-label={words.source(number)} value={source} onChange={(next) => onChange({ ...condition, source: next })} options={offered.map((one) => ({ value: one, label: words.sources[one] }))} />
      {source === 'consumer' ? (
        <span />
      ) : (
        <Told message={missing === 'name' ? words.missing.name : undefined}>
          {(told) => <Input {...told} {...text} aria-label={words.name(number)} placeholder={words.nameExample[source]} value={name} onChange={({ target }) => onChange({ ...condition, name: target.value })} />}
        </Told>
      )}
      <Select
        aria-label={words.operator(number)}
        value={operator}
        popupMatchSelectWidth={false}
        onChange={(next) => onChange(withOperator(condition, next))}
        options={OPERATORS.map((one) => ({ value: one, label: words.operators[one] }))}
      />
      {takesNothing(operator) ? (
        <span />
      ) : (
        <Told message={missing === 'value' || missing === 'number' ? words.missing[missing] : undefined}>
          {(told) =>
            Array.isArray(value) ? (
              <Select
                {...told}
                mode="tags"
                open={false}
                suffixIcon={null}
                tokenSeparators={operator.endsWith('ipmatch') ? [',', ' '] : []}
                aria-label={words.value(number)}
                placeholder={strings.common.confirmEach}
                value={value.map(String)}
                // What was a number stays one.
                onChange={(texts: string[]) => onChange({ ...condition, value: texts.map((one) => value.find((before) => String(before) === one) ?? one) })}
              />
            ) : (
              <Input
                {...told}
                {...text}
                aria-label={words.value(number)}
                suffix={<span className="secondary">{typeof comparedOf(condition) === 'number' && !takesNumber(operator) && words.number}</span>}
                value={value}
                onChange={({ target }) => onChange({ ...condition, value: target.value })}
              />
            )
          }
        </Told>
      )}
      <Button type="text" danger icon={<DeleteOutlined />} aria-label={words.remove(number)} title={words.remove(number)} onClick={onRemove} />
    </div>
  );
}

/** A field, and what is missing in it. */
function Told({ message, children }: { message?: string; children: (told: { 'aria-invalid'?: true; 'aria-describedby'?: string }) => ReactNode }) {
  const id = useId();
  return <Form.Item {...(message !== undefined && { validateStatus: 'error', help: <span id={id}>{message}</span> })}>{children(message === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': id })}</Form.Item>;
}
