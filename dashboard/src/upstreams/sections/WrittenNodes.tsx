import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, InputNumber, Pagination } from 'antd';
import { useState } from 'react';
import { strings } from '../../strings';

const words = strings.upstreams;

/** Rows that are shown at a time: a thousand nodes would be four thousand fields. */
const PAGE = 50;

/** The nodes that are written in the upstream itself, a page at a time. */
export function WrittenNodes() {
  const [page, setPage] = useState(1);
  return (
    <Form.List name="nodes">
      {(fields, { add, remove }) => {
        const last = Math.max(1, Math.ceil(fields.length / PAGE));
        const shown = Math.min(page, last);
        return (
          <div role="group" aria-label={words.nodes}>
            {fields.slice((shown - 1) * PAGE, shown * PAGE).map(({ key, name }) => (
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
                <Form.Item name={[name, 'priority']} label={words.fields.priority}>
                  <InputNumber className="number-field" precision={0} placeholder="0" />
                </Form.Item>
                <Button type="text" danger icon={<DeleteOutlined />} className="node-remove" aria-label={words.removeNode(name + 1)} title={words.removeNode(name + 1)} onClick={() => remove(name)} />
              </div>
            ))}
            <div className="node-list-end">
              <Button
                icon={<PlusOutlined />}
                onClick={() => {
                  add({ host: '', port: 80, weight: 1 });
                  setPage(Math.ceil((fields.length + 1) / PAGE));
                }}
              >
                {words.addNode}
              </Button>
              <Pagination hideOnSinglePage current={shown} pageSize={PAGE} total={fields.length} showSizeChanger={false} onChange={setPage} showTotal={(total, [from, to]) => strings.common.range(from, to, total)} />
            </div>
          </div>
        );
      }}
    </Form.List>
  );
}
