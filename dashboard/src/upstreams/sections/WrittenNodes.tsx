import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, InputNumber } from 'antd';
import { strings } from '../../strings';

const words = strings.upstreams;

/** The nodes that are written in the upstream itself. */
export function WrittenNodes() {
  return (
    <Form.List name="nodes">
      {(fields, { add, remove }) => (
        <div role="group" aria-label={words.nodes}>
          {fields.map(({ key, name }) => (
            <div key={key} className="node-row">
              <Form.Item name={[name, 'host']} label={words.fields.host} rules={[{ required: true, whitespace: true, message: words.hostMissing }]}>
                <Input autoComplete="off" placeholder={words.hostExample} />
              </Form.Item>
              <Form.Item name={[name, 'port']} label={words.fields.port}>
                <InputNumber className="number-field" precision={0} />
              </Form.Item>
              <Form.Item name={[name, 'weight']} label={words.fields.weight} rules={[{ required: true, message: words.weightMissing }]}>
                <InputNumber className="number-field" precision={0} />
              </Form.Item>
              <Button type="text" danger icon={<DeleteOutlined />} className="node-remove" aria-label={words.removeNode(name + 1)} title={words.removeNode(name + 1)} onClick={() => remove(name)} />
            </div>
          ))}
          <Button icon={<PlusOutlined />} onClick={() => add({ host: '', port: 80, weight: 1 })}>
            {words.addNode}
          </Button>
        </div>
      )}
    </Form.List>
  );
}
