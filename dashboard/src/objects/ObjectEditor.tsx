import { Alert, Button, Form, Input, Segmented, type FormInstance } from 'antd';
import { useRef, useState, type ReactNode } from 'react';
import { ApiError, readable } from '../api/errors';
import { showProblems } from '../components/formErrors';
import { strings } from '../strings';
import type { KindName, ObjectKind } from './kinds';
import { NestedForms } from './nestedForms';
import { notations, type Notation, type NotationName } from './notation';

interface ObjectEditorProps<K extends KindName, E extends object> {
  kind: ObjectKind<K, E>;
  initial: E;
  submitText: string;
  busy: boolean;
  /** Rejects with the server's refusal, which is shown at the fields. */
  onSubmit: (entry: E) => Promise<void>;
  onCancel: () => void;
  /** The form's sections. */
  children: ReactNode;
}

type View = 'form' | NotationName;

/** An object as a form, and the same thing as JSON or YAML. What the form has no field for goes through it unchanged. */
export function ObjectEditor<K extends KindName, E extends object>({ kind, initial, submitText, busy, onSubmit, onCancel, children }: ObjectEditorProps<K, E>) {
  const form = useRef<FormInstance<E>>(null);
  const [view, setView] = useState<View>('form');
  // A new form begins with what was written as text; setting values of the old one would keep members that are gone.
  const [start, setStart] = useState({ entry: initial, count: 0 });
  const [text, setText] = useState('');
  const notation = useRef<Notation>(undefined);
  const [problems, setProblems] = useState<string[]>([]);
  const [sending, setSending] = useState(false);
  const [nested] = useState(() => new Map<string, FormInstance>());

  /** What is written now, without what was left empty; undefined = it is no object, which is said. */
  const read = (): E | undefined => {
    if (view === 'form') return kind.toEntry(kind.toBody(form.current!.getFieldsValue(true) as E));
    try {
      const value = notation.current!.read(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as E;
      setProblems([strings.editor.notAnObject(view, kind.words.one)]);
    } catch (error) {
      setProblems([strings.editor.unreadable(view, (error as Error).message)]);
    }
    return undefined;
  };

  const show = async (next: View) => {
    const entry = read();
    if (entry === undefined) return;
    if (next === 'form') setStart(({ count }) => ({ entry, count: count + 1 }));
    else {
      try {
        notation.current = await notations[next]();
      } catch {
        setProblems([strings.errors.unreachable]);
        return;
      }
      setText(notation.current.write(entry));
    }
    setProblems([]);
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
      if (view === 'form') setProblems(showProblems(form.current!, error, nested));
      else setProblems(error instanceof ApiError && error.problems.length > 0 ? error.problems.map(({ path, message }) => `${path.join('.')}: ${message}`) : [readable((error as Error).message)]);
    } finally {
      setSending(false);
    }
  };

  return (
    <div className="editor">
      <Segmented<View>
        value={view}
        onChange={(next) => void show(next)}
        aria-label={strings.editor.view}
        options={(['form', 'json', 'yaml'] as const).map((value) => ({ value, label: strings.editor.views[value] }))}
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
          name={kind.name}
          initialValues={start.entry}
          preserve
          scrollToFirstError={{ focus: true, block: 'center' }}
          onFinish={() => void submit()}
        >
          <NestedForms value={nested}>{children}</NestedForms>
          {/* Enter in a field sends. */}
          <button type="submit" hidden />
        </Form>
      ) : (
        <Input.TextArea
          className="code"
          aria-label={strings.editor.textLabel(kind.words.one, view)}
          rows={Math.max(18, text.split('\n').length + 1)}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
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
