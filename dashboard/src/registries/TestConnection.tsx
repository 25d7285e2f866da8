import { ApiOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form } from 'antd';
import { useEffect, useRef } from 'react';
import { useParams } from 'react-router';
import { ApiError } from '../api/errors';
import { showProblems } from '../components/formErrors';
import { strings } from '../strings';
import { Section } from '../components/Section';
import { toBody, type RegistryEntry } from './model';
import { testRegistry, type RegistryTest } from './queries';
import { TestResult } from './TestResult';

const words = strings.registries.test;

/** Tries the connection as the form has it, before it is saved. */
export function TestConnection() {
  const { group, id } = useParams();
  const form = Form.useFormInstance<RegistryEntry>();
  const written = Form.useWatch([], { form, preserve: true });
  const test = useMutation<RegistryTest, Error, RegistryEntry>({ mutationFn: (entry) => testRegistry(group!, id, toBody(entry)) });
  // A result is of what was written when it was asked for.
  const { reset } = test;
  useEffect(() => reset(), [reset, written]);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (test.data || test.error) place.current?.scrollIntoView({ block: 'nearest' });
  }, [test.data, test.error]);

  return (
    <Section title={words.title} about={words.about}>
      <div className="test-connection" ref={place}>
        <Button icon={<ApiOutlined aria-hidden />} loading={test.isPending} onClick={() => test.mutate(form.getFieldsValue(true) as RegistryEntry, { onError: (error) => error instanceof ApiError && showProblems(form, error) })}>
          {words.run}
        </Button>
        <div role="status">
          {test.data && <TestResult result={test.data} />}
          {test.error && <Alert type="error" showIcon title={test.error.message} />}
        </div>
      </div>
    </Section>
  );
}
