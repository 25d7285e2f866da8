import { Alert, Form, Input, InputNumber, Modal, Select } from 'antd';
import { useState } from 'react';
import { OPEN_PLACE, placeOf } from '../access/place';
import { PlaceFields } from '../access/PlaceFields';
import { ROLE_OPTIONS } from '../access/roles';
import { answer, api } from '../api/client';
import { showProblems } from '../components/formErrors';
import { ShownOnce } from '../components/ShownOnce';
import type { Role } from '../session/SessionContext';
import { strings } from '../strings';
import { useApiTokenChange } from './queries';

interface TokenForm {
  name: string;
  days?: number | null;
  role: Role | '';
  gateway_group_id?: string;
  workspace_id?: string;
}

/** Makes an API token, and shows it: once. */
export function CreateApiToken({ onClose }: { onClose: () => void }) {
  const [form] = Form.useForm<TokenForm>();
  const [unplaced, setUnplaced] = useState<string[]>([]);
  const make = useApiTokenChange(({ name, days, role, ...place }: TokenForm) =>
    answer(api.POST('/api/tokens', { body: { name, ...(days && { days }), ...(role && { role }), ...placeOf(place) } })),
  );
  const made = make.data?.value;

  if (made) return <ShownOnce title={strings.apiTokens.made(made.name)} hint={strings.apiTokens.madeHint} label={strings.apiTokens.token} secret={made.token ?? ''} onClose={onClose} />;
  return (
    <Modal open title={strings.apiTokens.create} okText={strings.common.create} cancelText={strings.common.cancel} confirmLoading={make.isPending} onOk={() => form.submit()} onCancel={onClose}>
      <p>{strings.apiTokens.createHint}</p>
      {unplaced.length > 0 && <Alert type="error" showIcon role="alert" title={unplaced.join(' ')} className="form-alert" />}
      <Form form={form} layout="vertical" name="api-token" initialValues={{ role: '', ...OPEN_PLACE }} onFinish={(values) => make.mutate(values, { onError: (error) => setUnplaced(showProblems(form, error)) })}>
        <Form.Item name="name" label={strings.common.name} extra={strings.apiTokens.nameHint} rules={[{ required: true, message: strings.common.nameMissing }]}>
          <Input autoFocus autoComplete="off" maxLength={256} />
        </Form.Item>
        <Form.Item name="days" label={strings.apiTokens.days} extra={strings.apiTokens.daysHint}>
          <InputNumber min={1} max={366} precision={0} placeholder="90" />
        </Form.Item>
        <Form.Item name="role" label={strings.access.role} extra={strings.apiTokens.roleHint}>
          <Select options={[{ value: '', label: strings.apiTokens.asUser }, ...ROLE_OPTIONS]} />
        </Form.Item>
        <PlaceFields at={[]} name={[]} everywhere={strings.apiTokens.whereUser} />
        <button type="submit" hidden />
      </Form>
    </Modal>
  );
}
