import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Alert, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { strings } from '../../strings';
import { conditionsOf, OPERATORS, typed, varsOf, withOperator, type Condition } from '../vars';

const words = strings.routes.vars;
const OPERATOR_OPTIONS = [false, true].flatMap((not) =>
  OPERATORS.map((operator) => ({ value: `${not ? '! ' : ''}${operator}`, label: not ? words.not(words.operators[operator]) : words.operators[operator] })),
);

/** The form's member `vars`: conditions as rows, or as JSON where rows cannot show them. */
export function VarsField() {
  return (
    <Form.Item
      name="vars"
      label={strings.routes.conditions}
      extra={words.hint}
      rules={[{ validator: (_, vars: unknown) => (vars === undefined || Array.isArray(vars) ? Promise.resolve() : Promise.reject(new Error(words.unreadable))) }]}
    >
      <Vars />
    </Form.Item>
  );
}

interface VarsProps {
  id?: string;
  /** A text is JSON that cannot be read yet. */
  value?: unknown;
  onChange?: (vars: unknown) => void;
}

function Vars({ id, value, onChange }: VarsProps) {
  const conditions = conditionsOf(value);
  const [asJson, setAsJson] = useState(conditions === undefined);
  const show = (next: Condition[]) => onChange?.(varsOf(next));
  const isText = asJson || conditions === undefined;
  return (
    <div id={id} role="group" aria-label={strings.routes.conditions}>
      {isText ? <VarsJson value={value} onChange={onChange} /> : <Rows conditions={conditions} onChange={show} />}
      {conditions === undefined && typeof value !== 'string' && <Alert type="info" showIcon title={words.onlyJson} className="below-field" />}
      {conditions !== undefined && (
        <div className={isText ? 'condition-actions below-field' : 'condition-actions'}>
          {!isText && (
            <Button icon={<PlusOutlined />} onClick={() => show([...conditions, { variable: '', not: false, operator: '==', value: '' }])}>
              {words.add}
            </Button>
          )}
          <Button onClick={() => setAsJson(!asJson)}>{asJson ? words.asRows : words.asJson}</Button>
        </div>
      )}
    </div>
  );
}

function VarsJson({ value, onChange }: VarsProps) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 1)));
  const read = (written: string): unknown => {
    if (written.trim() === '') return undefined;
    try {
      return JSON.parse(written);
    } catch {
      return written;
    }
  };
  return (
    <Input.TextArea
      className="code"
      aria-label={strings.routes.conditions}
      spellCheck={false}
      autoSize={{ minRows: 4, maxRows: 16 }}
      placeholder={'[["arg_version", "==", "2"]]'}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        onChange?.(read(target.value));
      }}
    />
  );
}

function Rows({ conditions, onChange }: { conditions: Condition[]; onChange: (conditions: Condition[]) => void }) {
  return (
    <>
      {conditions.map((condition, index) => {
        const { variable, not, operator, value } = condition;
        const show = (next: Condition) => onChange(conditions.with(index, next));
        return (
          <div key={index} className="condition-row">
            <Input aria-label={words.variable(index + 1)} placeholder={words.variableExample} autoComplete="off" value={variable} onChange={({ target }) => show({ ...condition, variable: target.value })} />
            <Select
              aria-label={words.operator(index + 1)}
              options={OPERATOR_OPTIONS}
              popupMatchSelectWidth={false}
              value={`${not ? '! ' : ''}${operator}`}
              onChange={(chosen) => {
                const next = OPERATORS.find((one) => chosen.replace('! ', '') === one);
                if (next) show(withOperator(condition, next, chosen.startsWith('! ')));
              }}
            />
            {Array.isArray(value) ? (
              <Select
                mode="tags"
                open={false}
                suffixIcon={null}
                aria-label={words.value(index + 1)}
                placeholder={strings.common.confirmEach}
                value={value.map(String)}
                // What was a number stays one.
                onChange={(texts: string[]) => show({ ...condition, value: texts.map((text) => value.find((one) => String(one) === text) ?? text) })}
              />
            ) : (
              <Input aria-label={words.value(index + 1)} autoComplete="off" value={String(value)} onChange={({ target }) => show({ ...condition, value: typed(target.value, value, operator) })} />
            )}
            <Button type="text" danger icon={<DeleteOutlined />} aria-label={words.remove(index + 1)} title={words.remove(index + 1)} onClick={() => onChange(conditions.toSpliced(index, 1))} />
          </div>
        );
      })}
    </>
  );
}
