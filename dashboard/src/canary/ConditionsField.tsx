import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { strings } from '../strings';
import { missingOf, OPERATORS, SOURCES, takesList, takesNothing, type Condition } from './condition';

interface ConditionsFieldProps {
  conditions: Condition[];
  /** Whether what is missing is said. */
  isChecked: boolean;
  onChange: (conditions: Condition[]) => void;
}

/** Conditions that all have to hold. */
export function ConditionsField({ conditions, isChecked, onChange }: ConditionsFieldProps) {
  const set = (at: number, change: Partial<Condition>) => onChange(conditions.map((condition, index) => (index === at ? { ...condition, ...change } : condition)));
  return (
    <>
      {conditions.map((condition, at) => (
        <ConditionRow
          key={at}
          number={at + 1}
          condition={condition}
          missing={isChecked ? missingOf(condition) : undefined}
          onChange={(change) => set(at, change)}
          onRemove={() => onChange(conditions.filter((_, index) => index !== at))}
        />
      ))}
      <Button icon={<PlusOutlined />} onClick={() => onChange([...conditions, NEW])}>
        {strings.canary.addCondition}
      </Button>
    </>
  );
}

/** What a condition begins as. */
export const NEW: Condition = { source: 'header', name: '', operator: '==', value: '' };

interface ConditionRowProps {
  number: number;
  condition: Condition;
  missing: ReturnType<typeof missingOf>;
  onChange: (change: Partial<Condition>) => void;
  onRemove: () => void;
}

function ConditionRow({ number, condition: { source, name, operator, value }, missing, onChange, onRemove }: ConditionRowProps) {
  const words = strings.canary;
  const valueHelp = missing === 'value' || missing === 'number' ? words.missing[missing] : undefined;
  const list = Array.isArray(value) ? value : value === '' ? [] : [value];
  return (
    <div className="condition-row">
      <Select aria-label={words.source(number)} value={source} onChange={(next) => onChange({ source: next })} options={SOURCES.map((one) => ({ value: one, label: words.sources[one] }))} />
      {source === 'consumer' ? (
        <span />
      ) : (
        <Form.Item {...(missing === 'name' && { validateStatus: 'error', help: words.missing.name })}>
          <Input aria-label={words.name(number)} placeholder={words.nameExample[source]} value={name} spellCheck={false} autoComplete="off" onChange={(event) => onChange({ name: event.target.value })} />
        </Form.Item>
      )}
      <Select
        aria-label={words.operator(number)}
        value={operator}
        popupMatchSelectWidth={false}
        onChange={(next) => onChange({ operator: next, value: takesNothing(next) ? '' : takesList(next) ? list : (list[0] ?? '') })}
        options={OPERATORS.map((one) => ({ value: one, label: words.operators[one] }))}
      />
      {takesNothing(operator) ? (
        <span />
      ) : (
        <Form.Item {...(valueHelp !== undefined && { validateStatus: 'error', help: valueHelp })}>
          {takesList(operator) ? (
            <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} aria-label={words.value(number)} value={list} onChange={(next: string[]) => onChange({ value: next })} />
          ) : (
            <Input aria-label={words.value(number)} value={value} spellCheck={false} autoComplete="off" onChange={(event) => onChange({ value: event.target.value })} />
          )}
        </Form.Item>
      )}
      <Button type="text" icon={<DeleteOutlined />} aria-label={words.removeCondition(number)} title={words.removeCondition(number)} onClick={onRemove} />
    </div>
  );
}
