import { Alert, Button, Form, Input, Segmented, type FormInstance } from 'antd';
import { useRef, useState } from 'react';
import { ApiError, readable } from '../api/errors';
import { showProblems } from '../components/formErrors';
import { strings } from '../strings';
import { toUpstream, type UpstreamEntry } from './model';
import { BalancingSection } from './sections/BalancingSection';
import { ChecksSection } from './sections/ChecksSection';
import { ConnectionSection } from './sections/ConnectionSection';
import { GeneralSection } from './sections/GeneralSection';
import { NodesSection } from './sections/NodesSection';
import { RetriesSection } from './sections/RetriesSection';

interface UpstreamEditorProps {
  initial: UpstreamEntry;
  isNew?: boolean;
  submitText: string;
  busy: boolean;
  /** Rejects with the server's refusal, which is shown at the fields. */
  onSubmit: (entry: UpstreamEntry) => Promise<void>;
  onCancel: () => void;
}

type View = 'form' | 'json';

/** An upstream as a form, and the same thing as JSON. What the form has no field for goes through it unchanged. */
export function UpstreamEditor({ initial, isNew = false, submitText, busy, onSubmit, onCancel }: UpstreamEditorProps) {
  const form = useRef<FormInstance<UpstreamEntry>>(null);
  const [view, setView] = useState<View>('form');
  // A new form begins with what was written as JSON; setting values of the old one would keep members that are gone.
  const [start, setStart] = useState({ entry: initial, count: 0 });
  const [json, setJson] = useState('');
  const [problems, setProblems] = useState<string[]>([]);
  const [sending, setSending] = useState(false);

  const read = (): UpstreamEntry | undefined => {
    if (view === 'form') return toUpstream(form.current!.getFieldsValue(true) as UpstreamEntry) as UpstreamEntry;
    try {
      const value: unknown = JSON.parse(json);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as UpstreamEntry;
      setProblems([strings.editor.notAnObject]);
    } catch (error) {
      setProblems([strings.editor.notJson((error as Error).message)]);
    }
    return undefined;
  };

  const show = (next: View) => {
    const entry = read();
    if (entry === undefined) return;
    setProblems([]);
    if (next === 'json') setJson(JSON.stringify(entry, null, 2));
    else setStart(({ count }) => ({ entry, count: count + 1 }));
    setView(next);
  };

  const submit = async () => {
    const entry = read();
    if (entry === undefined) return;
    setProblems([]);
    setSending(true);
    try {
      await onSubmit(entry);
    } catch (error) {
      if (view === 'form') setProblems(showProblems(form.current!, error));
      else setProblems(error instanceof ApiError && error.problems.length > 0 ? error.problems.map(({ path, message }) => `${path.join('.')}: ${message}`) : [readable((error as Error).message)]);
    } finally {
      setSending(false);
    }
  };

  return (
    <div className="editor">
      <Segmented<View>
        value={view}
        onChange={show}
        aria-label={strings.editor.view}
        options={[
          { value: 'form', label: strings.editor.form },
          { value: 'json', label: strings.editor.json },
        ]}
      />
      {problems.length > 0 && (
        <Alert
          type="error"
          showIcon
          role="alert"
          className="form-alert"
          title={strings.editor.refused}
          description={
            <ul className="problems">
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          }
        />
      )}
      {view === 'form' ? (
        <Form
          key={start.count}
          ref={form}
          layout="vertical"
          name="upstream"
          initialValues={start.entry}
          preserve
          scrollToFirstError={{ focus: true, block: 'center' }}
          onFinish={() => void submit()}
        >
          <GeneralSection isNew={isNew} />
          <NodesSection />
          <BalancingSection />
          <ChecksSection />
          <RetriesSection />
          <ConnectionSection />
          <button type="submit" hidden />
        </Form>
      ) : (
        <Input.TextArea
          className="json"
          aria-label={strings.editor.jsonLabel}
          rows={Math.max(18, json.split('\n').length + 1)}
          spellCheck={false}
          value={json}
          onChange={(event) => setJson(event.target.value)}
        />
      )}
      <div className="editor-actions">
        <Button type="primary" size="large" loading={busy || sending} onClick={() => (view === 'form' ? form.current!.submit() : void submit())}>
          {submitText}
        </Button>
        <Button size="large" onClick={onCancel}>
          {strings.common.cancel}
        </Button>
      </div>
    </div>
  );
}
