import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { strings } from '../strings';
import { missingOf, readConditions, SOURCES, writeCondition, type Condition } from './condition';
import { ConditionRows } from './ConditionRows';

const words = strings.conditions;
// A route is found before anybody knows the consumer.
const OF_ROUTES = SOURCES.filter((source) => source !== 'consumer');
const judge = (isRight: boolean, message: string) => (isRight ? Promise.resolve() : Promise.reject(new Error(message)));

/** The form's member `vars`: conditions as rows, or as JSON where rows cannot show them. */
export function ConditionsField() {
  const form = Form.useFormInstance<{ vars?: unknown }>();
  const [rows, setRows] = useState(() => readConditions(form.getFieldValue('vars')));
  const [isChecked, setChecked] = useState(false);
  const finished = {
    // What was only begun is no fault before it is sent.
    validateTrigger: 'onSubmit',
    validator: () => {
      const isFinished = !rows?.some((condition) => missingOf(condition) !== undefined);
      setChecked(!isFinished);
      return judge(isFinished, words.unfinished);
    },
  };
  const readable = { validator: (_: unknown, vars: unknown) => judge(vars === undefined || Array.isArray(vars), words.unreadable) };
  return (
    <Form.Item name="vars" label={words.title} extra={words.hint} rules={[readable, finished]}>
      <Conditions rows={rows} isChecked={isChecked} onRows={setRows} />
    </Form.Item>
  );
}

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
  /** None = rows are shown. */
  const [text, setText] = useState(rows === undefined ? JSON.stringify(value, null, 1) : undefined);
  const change = (next: Condition[]) => {
    onRows(next);
    onChange?.(next.length === 0 ? undefined : next.map(writeCondition));
  };
  const write = (next: string) => {
    setText(next);
    const vars = parsed(next);
    onRows(readConditions(vars));
    onChange?.(vars);
  };
  return (
    <div id={id} role="group" aria-label={words.title}>
      {text === undefined ? (
        <ConditionRows conditions={rows ?? []} isChecked={isChecked} sources={OF_ROUTES} onChange={change}>
          <Button onClick={() => setText(value === undefined ? '' : JSON.stringify(value, null, 1))}>{words.asJson}</Button>
        </ConditionRows>
      ) : (
        <>
          <Input.TextArea
            className="code"
            aria-label={words.title}
            spellCheck={false}
            autoSize={{ minRows: 4, maxRows: 16 }}
            placeholder={'[["arg_version", "==", "2"]]'}
            value={text}
            onChange={({ target }) => write(target.value)}
          />
          {rows ? (
            <Button className="below-field" onClick={() => setText(undefined)}>
              {words.asRows}
            </Button>
          ) : (
            typeof value !== 'string' && <Alert type="info" showIcon title={words.onlyJson} className="below-field" />
          )}
        </>
      )}
    </div>
  );
}

/** What is no JSON stays the text that it is. */
function parsed(text: string): unknown {
  try {
    return text.trim() === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
