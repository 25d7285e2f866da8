import { MinusCircleOutlined, PlusOutlined, SnippetsOutlined } from '@ant-design/icons';
import { Alert, AutoComplete, Button, Form, Input, Select, type FormInstance } from 'antd';
import { useEffect, useState } from 'react';
import { ApiError } from '../api/errors';
import { showProblems } from '../components/formErrors';
import { strings } from '../strings';
import { InstanceSelect } from './InstanceSelect';
import { PasteRequest } from './PasteRequest';
import { emptyQuestion, type Question } from './question';

const FIELDS = ['method', 'scheme', 'host', 'path', 'client_ip'] as const;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'].map((value) => ({ value }));

interface QuestionFormProps {
  group: string;
  /** What the address asks. */
  question?: Question;
  /** Why the server refused it. */
  error: Error | null;
  busy: boolean;
  onAsk: (question: Question) => void;
}

/** The request that is asked about. */
export function QuestionForm({ group, question, error, busy, onAsk }: QuestionFormProps) {
  const [form] = Form.useForm<Question>();
  const [pasting, setPasting] = useState(false);
  const [notes, setNotes] = useState<string[]>([]);
  const [problems, setProblems] = useState<string[]>([]);
  const fields = strings.explain.fields;
  useEffect(() => form.setFieldsValue(question ?? emptyQuestion), [form, question]);
  useEffect(() => setProblems(error === null ? [] : placed(form, error)), [form, error]);

  return (
    <Form
      form={form}
      layout="vertical"
      name="question"
      className="panel panel-padded question"
      initialValues={question ?? emptyQuestion}
      requiredMark={false}
      onFinish={(asked) => {
        setNotes([]);
        onAsk({ ...emptyQuestion, ...asked, method: asked.method || emptyQuestion.method, client_ip: asked.client_ip || emptyQuestion.client_ip });
      }}
    >
      {notes.length > 0 && <Alert type="info" showIcon closable className="form-alert" title={strings.explain.paste.notes} description={<Lines lines={notes} />} />}
      {problems.length > 0 && <Alert type="error" showIcon role="alert" className="form-alert" title={strings.explain.unanswered} description={<Lines lines={problems} />} />}
      <div className="question-row">
        <Form.Item name="method" label={fields.method}>
          <AutoComplete options={METHODS} />
        </Form.Item>
        <Form.Item name="scheme" label={fields.scheme}>
          <Select options={[{ value: 'http' }, { value: 'https' }]} />
        </Form.Item>
        <Form.Item name="host" label={fields.host} rules={[{ required: true, message: strings.explain.hostMissing }]}>
          <Input autoComplete="off" spellCheck={false} placeholder={strings.explain.hostExample} />
        </Form.Item>
        <Form.Item name="path" label={fields.path} rules={[{ required: true, message: strings.explain.pathMissing }]}>
          <Input autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Form.Item name="client_ip" label={fields.clientIp}>
          <Input autoComplete="off" spellCheck={false} placeholder={emptyQuestion.client_ip} />
        </Form.Item>
      </div>
      <Form.List name="headers">
        {(rows, { add, remove }) => (
          <fieldset className="header-rows">
            <legend className="visually-hidden">{fields.headers}</legend>
            {rows.map(({ key, name }) => (
              <div key={key} className="header-row">
                <Form.Item name={[name, 'name']} rules={[{ required: true, message: strings.explain.nameMissing }]}>
                  <Input autoComplete="off" spellCheck={false} placeholder="X-User" aria-label={`${fields.name} ${name + 1}`} />
                </Form.Item>
                <Form.Item name={[name, 'value']}>
                  <Input autoComplete="off" spellCheck={false} aria-label={`${fields.value} ${name + 1}`} />
                </Form.Item>
                <Button type="text" icon={<MinusCircleOutlined />} aria-label={strings.explain.removeHeader(name + 1)} title={strings.explain.removeHeader(name + 1)} onClick={() => remove(name)} />
              </div>
            ))}
            <Button icon={<PlusOutlined />} size="small" onClick={() => add({ name: '', value: '' })}>
              {strings.explain.addHeader}
            </Button>
          </fieldset>
        )}
      </Form.List>
      <div className="question-actions">
        <Button type="primary" htmlType="submit" loading={busy}>
          {strings.explain.ask}
        </Button>
        <Button icon={<SnippetsOutlined />} onClick={() => setPasting(true)}>
          {strings.explain.paste.open}
        </Button>
        <Form.Item name="instance" noStyle>
          <Instance group={group} />
        </Form.Item>
        <span className="secondary">{strings.explain.addressHint}</span>
      </div>
      {pasting && (
        <PasteRequest
          onClose={() => setPasting(false)}
          onFill={(pasted, left) => {
            form.setFieldsValue(pasted);
            setNotes(left);
            setProblems([]);
            setPasting(false);
          }}
        />
      )}
    </Form>
  );
}

/** Shows what was refused at its fields; what has none is given back. A lone problem begins with the name of what it is about. */
function placed(form: FormInstance<Question>, error: Error): string[] {
  const name = FIELDS.find((field) => error.message.startsWith(`${field} `));
  if (name === undefined || (error instanceof ApiError && error.problems.length > 0)) return showProblems(form, error);
  form.setFields([{ name, errors: [error.message] }]);
  return [];
}

/** The form gives `value` and `onChange` itself. */
function Instance({ group, value, onChange }: { group: string; value?: string; onChange?: (instance?: string) => void }) {
  return <InstanceSelect group={group} {...(value !== undefined && { value })} onChange={(chosen) => onChange?.(chosen)} />;
}

function Lines({ lines }: { lines: string[] }) {
  return (
    <ul className="problems">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
