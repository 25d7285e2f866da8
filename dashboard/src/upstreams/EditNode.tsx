import { useMutation } from '@tanstack/react-query';
import { Alert, App, Form, Input, InputNumber, Modal, Spin } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/errors';
import { ErrorPanel } from '../components/ErrorPanel';
import { previewEdit, saveEdit, useObject, useObjectChange, type Edit, type Preview } from '../objects/queries';
import { ReviewEdit } from '../objects/ReviewEdit';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import { toEntry, toUpstream } from './model';
import { withNode, type NodeEdit, type NodeValues } from './nodeEdit';

const words = strings.upstreams;
const START: NodeValues = { host: '', port: 80, weight: 1 };

interface EditNodeProps {
  scope: Scope;
  id: string;
  edit: NodeEdit;
  onClose: () => void;
}

/** Adds a node to an upstream, changes a node's weight, or takes a node out: what that touches is shown before it is written. */
export function EditNode({ scope, id, edit, onClose }: EditNodeProps) {
  const { message } = App.useApp();
  const upstream = useObject('upstreams', scope, id);
  const [review, setReview] = useState<{ edit: Edit<'upstreams'>; preview: Preview }>();
  const save = useObjectChange(scope, (written: Edit<'upstreams'> & { why?: string }) => saveEdit('upstreams', scope, written));
  const look = useMutation({
    mutationFn: async (values: NodeValues) => {
      const written = { id, body: toUpstream(withNode(toEntry(upstream.data!.value), edit, values)), etag: upstream.data!.etag };
      return { edit: written, preview: await previewEdit('upstreams', scope, written) };
    },
    onSuccess: (looked) => (looked.preview.would === 'nothing' ? void message.info(strings.objects.nothingChanged) : setReview(looked)),
    onError: (error) => overtaken(error),
  });

  /** Someone else wrote meanwhile: what they wrote is read, and one looks again. */
  const overtaken = (error: Error) => {
    if (!(error instanceof ApiError) || error.status !== 412) return;
    void message.warning(strings.history.overtaken(words.one, error.body.changes?.[0]?.who));
    void upstream.refetch();
    onClose();
  };

  // Who takes a node out has nothing to fill in.
  const begun = useRef(false);
  const { mutate } = look;
  useEffect(() => {
    if (edit.kind !== 'remove' || begun.current || !upstream.data) return;
    begun.current = true;
    mutate(START);
  }, [edit.kind, mutate, upstream.data]);

  if (review)
    return (
      <ReviewEdit
        scope={scope}
        preview={review.preview}
        busy={save.isPending}
        error={save.error ?? undefined}
        onSave={(why) =>
          save.mutate(
            { ...review.edit, why },
            {
              onSuccess: () => {
                void message.success(strings.common.saved(upstream.data?.value.name ?? id));
                onClose();
              },
              onError: overtaken,
            },
          )
        }
        onClose={edit.kind === 'remove' ? onClose : () => setReview(undefined)}
      />
    );
  if (edit.kind === 'remove')
    return (
      <Modal open title={words.nodeEdits.remove(edit.node.node)} onCancel={onClose} footer={null}>
        {look.error ? <ErrorPanel error={look.error} /> : <Spin />}
      </Modal>
    );
  return <NodeForm edit={edit} busy={look.isPending || !upstream.data} error={look.error ?? upstream.error} onSubmit={(values) => look.mutate(values)} onClose={onClose} />;
}

interface NodeFormProps {
  edit: NodeEdit;
  busy: boolean;
  error: Error | null;
  onSubmit: (values: NodeValues) => void;
  onClose: () => void;
}

function NodeForm({ edit, busy, error, onSubmit, onClose }: NodeFormProps) {
  const [form] = Form.useForm<NodeValues>();
  const shown = error instanceof ApiError && error.problems.length > 0 ? error.problems.map(({ path, message }) => `${path.at(-1)}: ${message}`).join(' ') : error?.message;
  return (
    <Modal
      open
      title={edit.kind === 'add' ? words.nodeEdits.add : words.nodeEdits.weight(edit.kind === 'weight' ? edit.node.node : '')}
      okText={strings.objects.review}
      cancelText={strings.common.cancel}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {shown !== undefined && <Alert type="error" showIcon role="alert" title={shown} className="form-alert" />}
      <Form form={form} name="node" layout="vertical" initialValues={edit.kind === 'weight' ? { weight: edit.node.weight } : START} onFinish={onSubmit}>
        {edit.kind === 'add' && (
          <>
            <Form.Item name="host" label={words.fields.host} rules={[{ required: true, whitespace: true, message: words.hostMissing }]}>
              <Input autoFocus autoComplete="off" placeholder={words.hostExample} />
            </Form.Item>
            <Form.Item name="port" label={words.fields.port}>
              <InputNumber className="number-field" precision={0} />
            </Form.Item>
          </>
        )}
        <Form.Item name="weight" label={words.fields.weight} rules={[{ required: true, message: words.weightMissing }]}>
          <InputNumber autoFocus={edit.kind === 'weight'} className="number-field" precision={0} />
        </Form.Item>
        <button type="submit" hidden />
      </Form>
    </Modal>
  );
}
