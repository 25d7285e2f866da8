import { Form } from 'antd';
import { strings } from '../strings';
import { MapField } from './MapField';

const words = strings.labels;
const WORDS = { name: words.key, value: words.value, add: words.add, remove: words.remove, nameExample: words.keyExample, valueExample: words.valueExample };

/** The form's member `labels`, as rows of a key and a value. */
export function LabelsField() {
  return (
    <Form.Item name="labels" label={words.title}>
      <MapField label={words.title} words={WORDS} />
    </Form.Item>
  );
}
