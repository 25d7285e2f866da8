import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { strings } from '../strings';
import { missingOf, readConditions, SOURCES, writeCondition, type Condition } from './condition';
import { ConditionRows } from './ConditionRows';

const words = strings.conditions;
const judge = (isRight: boolean, message: string) => (isRight ? Promise.resolve() : Promise.reject(new Error(message)));

/** The form's member `vars`: conditions as rows, or as JSON where rows cannot show them. */
export function ConditionsField() {
  const form = Form.useFormInstance<{ vars?: unknown }>();
  const [rows, setRows] = useState(() => readConditions(form.getFieldValue('vars')));
  const [isChecked, setChecked] = useState(false);
  const isFinished = () => {
    const isRight = !rows?.some((condition) => missingOf(condition) !== undefined);
    setChecked(!isRight);
    return isRight;
  };
  return (
    <Form.Item
      name="vars"
      label={words.title}
      extra={words.hint}
      rules={[
        { validator: (_, vars: unknown) => judge(vars === undefined || Array.isArray(vars), words.unreadable) },
        // What was only begun is no fault before it is sent.
        { validateTrigger: 'onSubmit', validator: () => judge(isFinished(), words.unfinished) },
      ]}
    >
      <Conditions rows={rows} isChecked={isChecked} onRows={setRows} />
    </Form.Item>
  );
}

// A route is found before anybody knows the consumer.
const OF_ROUTES = SOURCES.filter((source) => source !== 'consumer');

interface ConditionsProps {
  id?: string;
  /** What is written, as JSON; a text is none yet. */
  value?: unknown;
  onChange?: (vars: unknown) => void;
  /** None = rows cannot show it. */
  rows: Condition[] | undefined;
  isChecked: boolean;
  onRows: (rows: Condition[] | undefined) => void;
}

function Conditions({ id, value, onChange, rows, isChecked, onRows }: ConditionsProps) {
  const [isJson, setJson] = useState(rows === undefined);
  const change = (next: Condition[]) => {
    onRows(next);
    onChange?.(next.length === 0 ? undefined : next.map(writeCondition));
  };
  const write = (vars: unknown) => {
    onRows(readConditions(vars));
    onChange?.(vars);
  };
  return (
    <div id={id} role="group" aria-label={words.title}>
      {isJson || rows === undefined ? (
        <>
          <ConditionsJson initial={value} onChange={write} />
          {rows !== undefined && (
            <Button className="below-field" onClick={() => setJson(false)}>
              {words.asRows}
            </Button>
          )}
          {rows === undefined && typeof value !== 'string' && <Alert type="info" showIcon title={words.onlyJson} className="below-field" />}
        </>
      ) : (
        <ConditionRows conditions={rows} isChecked={isChecked} sources={OF_ROUTES} onChange={change}>
          <Button onClick={() => setJson(true)}>{words.asJson}</Button>
        </ConditionRows>
      )}
    </div>
  );
}

function ConditionsJson({ initial, onChange }: { initial: unknown; onChange: (vars: unknown) => void }) {
  const [text, setText] = useState(() => (initial === undefined ? '' : JSON.stringify(initial, null, 1)));
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
      aria-label={words.title}
      spellCheck={false}
      autoSize={{ minRows: 4, maxRows: 16 }}
      placeholder={'[["arg_version", "==", "2"]]'}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        onChange(read(target.value));
      }}
    />
  );
}
