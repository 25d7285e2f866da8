import { Alert, Form, Input, Segmented } from 'antd';
import { useId, useState } from 'react';
import type { Problem } from '../api/errors';
import { strings } from '../strings';
import { GroupControl } from './controls/GroupControl';
import { MemberField } from './controls/MemberField';
import { useFaults } from './faults';
import type { GroupField } from './fields';
import { isObject } from './schema';

interface PluginFormProps {
  name: string;
  field: GroupField;
  value: unknown;
  onChange: (value: unknown) => void;
  problems: Problem[];
  /** Whether `_meta` is taken there. */
  hasMeta?: boolean;
}

/** A configuration as a form made of its schema, and the same thing as JSON. */
export function PluginForm({ name, field, value, onChange, problems, hasMeta = true }: PluginFormProps) {
  const words = strings.schemaForm;
  const id = useId();
  const [view, setView] = useState<'form' | 'json'>(isObject(value) ? 'form' : 'json');
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [fault, setFault] = useState<string>();
  const report = useFaults();

  const show = (next: 'form' | 'json') => {
    if (next === 'json') setText(JSON.stringify(value, null, 2));
    setView(next);
  };
  const write = (next: string) => {
    setText(next);
    let wrong: string | undefined;
    try {
      const read: unknown = JSON.parse(next);
      if (isObject(read)) onChange(read);
      else wrong = words.notAnObject;
    } catch (error) {
      wrong = words.notJson((error as Error).message);
    }
    setFault(wrong);
    report(id, wrong !== undefined);
  };

  const { _meta: meta, ...config } = isObject(value) ? value : {};
  return (
    <Form layout="vertical" component="div">
      <Segmented<'form' | 'json'>
        className="schema-view"
        aria-label={words.view}
        disabled={fault !== undefined}
        value={view}
        options={(['form', 'json'] as const).map((one) => ({ value: one, label: words[one] }))}
        onChange={show}
      />
      {view === 'form' ? (
        <>
          <GroupControl id={id} label={name} field={field} value={config} onChange={(next) => onChange({ ...(isObject(next) ? next : {}), ...(meta !== undefined && { _meta: meta }) })} problems={problems} />
          {hasMeta && (
            <div className="schema-fields schema-meta">
              <MemberField
                id={`${id}-_meta`}
                label={strings.plugins.meta}
                field={{ kind: 'json', hint: strings.plugins.metaHint }}
                value={meta}
                onChange={(next) => onChange({ ...config, ...(next !== undefined && { _meta: next }) })}
                problems={[]}
              />
            </div>
          )}
        </>
      ) : (
        <>
          {problems.map(({ path, message }) => (
            <div key={path.join('.') + message} className="field-problem" role="alert">
              {[...(path.length > 0 ? [path.join('.')] : []), message].join(': ')}
            </div>
          ))}
          <Input.TextArea
            className="code"
            aria-label={strings.plugins.jsonOf(name)}
            rows={Math.max(14, text.split('\n').length + 1)}
            spellCheck={false}
            status={fault === undefined ? '' : 'error'}
            value={text}
            onChange={({ target }) => write(target.value)}
          />
          {fault !== undefined && <Alert type="error" showIcon role="alert" className="schema-fault" title={fault} />}
        </>
      )}
    </Form>
  );
}
