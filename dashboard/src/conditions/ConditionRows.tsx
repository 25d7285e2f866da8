import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select, Space } from 'antd';
import { useId, type AriaAttributes, type ReactNode } from 'react';
import { strings } from '../strings';
import { comparedOf, missingOf, NEW, OPERATORS, SOURCES, takesNothing, takesNumber, withOperator, type Condition, type Source } from './condition';

const words = strings.conditions;
const OPERATOR_OPTIONS = OPERATORS.map((value) => ({ value, label: words.operators[value] }));

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
      <Space>
        <Button icon={<PlusOutlined />} onClick={() => onChange([...conditions, NEW])}>
          {words.add}
        </Button>
        {children}
      </Space>
    </>
  );
}

interface RowProps {
  number: number;
  condition: Condition;
  onChange: (condition: Condition) => void;
}

function ConditionRow({ number, condition, missing, sources, onChange, onRemove }: RowProps & { missing: ReturnType<typeof missingOf>; sources: readonly Source[]; onRemove: () => void }) {
  const { source, name, operator } = condition;
  const offered = sources.includes(source) ? sources : [...sources, source];
  return (
    <div className="condition-row">
      <Form.Item>
        <Select aria-label={words.source(number)} value={source} onChange={(next) => onChange({ ...condition, source: next })} options={offered.map((one) => ({ value: one, label: words.sources[one] }))} />
      </Form.Item>
      {source === 'consumer' ? (
        <span />
      ) : (
        <Told message={missing === 'name' ? words.missing.name : undefined}>
          {(told) => <Input {...told} spellCheck={false} autoComplete="off" aria-label={words.name(number)} placeholder={words.nameExample[source]} value={name} onChange={({ target }) => onChange({ ...condition, name: target.value })} />}
        </Told>
      )}
      <Form.Item>
        <Select aria-label={words.operator(number)} value={operator} popupMatchSelectWidth={false} onChange={(next) => onChange(withOperator(condition, next))} options={OPERATOR_OPTIONS} />
      </Form.Item>
      {takesNothing(operator) ? (
        <span />
      ) : (
        <Told message={missing === 'value' || missing === 'number' ? words.missing[missing] : undefined}>
          {(told) => <ValueInput number={number} condition={condition} told={told} onChange={onChange} />}
        </Told>
      )}
      <Button type="text" danger icon={<DeleteOutlined />} aria-label={words.remove(number)} title={words.remove(number)} onClick={onRemove} />
    </div>
  );
}

function ValueInput({ number, condition, told, onChange }: RowProps & { told: AriaAttributes }) {
  const { operator, value } = condition;
  if (Array.isArray(value))
    return (
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
    );
  const isToldFromText = typeof comparedOf(condition) === 'number' && !takesNumber(operator);
  const suffix = <span className="secondary">{isToldFromText && words.number}</span>;
  return <Input {...told} spellCheck={false} autoComplete="off" aria-label={words.value(number)} suffix={suffix} value={value} onChange={({ target }) => onChange({ ...condition, value: target.value })} />;
}

/** A field, and what is missing in it. What is said of all conditions marks no field of one. */
function Told({ message, children }: { message?: string; children: (told: AriaAttributes) => ReactNode }) {
  const id = useId();
  return <Form.Item {...(message !== undefined && { validateStatus: 'error', help: <span id={id}>{message}</span> })}>{children(message === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': id })}</Form.Item>;
}
