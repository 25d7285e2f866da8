import { Alert, App, Checkbox, Form, Input, InputNumber, Modal } from 'antd';
import { ApiError } from '../api/errors';
import { useObjectChange } from '../objects/queries';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import { orderOverride, releaseOverride, type OwnerKind } from './queries';

/** What an operator can say of a node. */
export type Order = 'drain' | 'force_up' | 'force_down' | 'release';

interface OrderForm {
  deadline?: number | null;
  note?: string;
  force?: boolean;
}

/** Says what an order does to a node, and gives it. */
export function NodeOrder({ scope, kind, id, node, order, onClose }: { scope: Scope; kind: OwnerKind; id: string; node: string; order: Order; onClose: () => void }) {
  const [form] = Form.useForm<OrderForm>();
  const { message } = App.useApp();
  const words = strings.nodes.orders[order];
  const give = useObjectChange(scope, ({ deadline, note, force }: OrderForm): Promise<unknown> =>
    order === 'release'
      ? releaseOverride(scope, id, node, kind)
      : orderOverride(scope, id, node, { kind: order, ...(deadline ? { deadline } : {}), ...(note && { note }), ...(force && { force }) }, kind),
  );
  // It would leave too few nodes: only then is there something to overrule.
  const tooFew = order !== 'force_up' && give.error instanceof ApiError && give.error.status === 409;
  const submit = (values: OrderForm) =>
    give.mutate(values, {
      onSuccess: () => {
        void message.success(words.done(node));
        onClose();
      },
    });

  return (
    <Modal open title={words.title(node)} okText={words.menu} okButtonProps={{ danger: order === 'force_down' }} cancelText={strings.common.cancel} confirmLoading={give.isPending} onOk={() => form.submit()} onCancel={onClose}>
      <p>{words.does}</p>
      {give.error && <Alert type="error" showIcon role="alert" title={give.error.message} className="form-alert" />}
      <Form form={form} layout="vertical" name="order" onFinish={submit}>
        {order === 'drain' && (
          <Form.Item name="deadline" label={strings.nodes.deadline} extra={strings.nodes.deadlineHint}>
            <InputNumber min={1} max={2147483} suffix={strings.units.seconds} autoFocus />
          </Form.Item>
        )}
        {order !== 'release' && (
          <Form.Item name="note" label={strings.nodes.note} extra={strings.nodes.noteHint}>
            <Input maxLength={256} autoComplete="off" />
          </Form.Item>
        )}
        {tooFew && (
          <Form.Item name="force" valuePropName="checked">
            <Checkbox>{strings.nodes.force}</Checkbox>
          </Form.Item>
        )}
        <button type="submit" hidden />
      </Form>
    </Modal>
  );
}
