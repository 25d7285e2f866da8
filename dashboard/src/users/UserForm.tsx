import { Alert, App, Form, Input, Modal, Switch } from 'antd';
import { useState } from 'react';
import { OPEN_PLACE, placeOf } from '../access/place';
import { answer, api, ifMatch, type Opened } from '../api/client';
import { showProblems } from '../components/formErrors';
import { ShownOnce } from '../components/ShownOnce';
import { useSessionState } from '../session/SessionContext';
import { strings } from '../strings';
import { useUserChange, type User } from './queries';
import { NEW_ROLE, RolesField } from './RolesField';

/** Makes a user, whose password is made by the server and shown once; or changes the one that is given. */
export function UserForm({ opened, onClose }: { opened?: Opened<User>; onClose: () => void }) {
  const [form] = Form.useForm<User>();
  const { session, retry } = useSessionState();
  const { message } = App.useApp();
  const [unplaced, setUnplaced] = useState<string[]>([]);
  const self = opened !== undefined && opened.value.username === session?.username;
  const save = useUserChange(async ({ username, desc, roles, disabled }: User) => {
    const body = { ...(desc && { desc }), roles: (roles ?? []).map(({ role, ...place }) => ({ role, ...placeOf(place) })), disabled: disabled ?? false };
    if (!opened) return answer(api.POST('/api/users', { body: { ...body, username } }));
    return answer(api.PUT('/api/users/{name}', { params: { path: { name: opened.value.username! } }, body, headers: ifMatch(opened.etag) }));
  });

  const submit = (values: User) =>
    save.mutate(values, {
      onSuccess: ({ value }) => {
        if (self) retry();
        if (!opened) return;
        void message.success(strings.common.saved(value.username!));
        onClose();
      },
      onError: (error) => setUnplaced(showProblems(form, error)),
    });

  const made = opened ? undefined : save.data?.value;
  if (made)
    return <ShownOnce title={strings.users.made(made.username!)} hint={strings.users.passwordHint(made.username!)} label={strings.users.password} secret={made.password ?? ''} onClose={onClose} />;
  return (
    <Modal
      open
      width={720}
      title={opened ? strings.users.editTitle(opened.value.username!) : strings.users.create}
      okText={opened ? strings.common.save : strings.common.create}
      cancelText={strings.common.cancel}
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {unplaced.length > 0 && <Alert type="error" showIcon role="alert" title={unplaced.join(' ')} className="form-alert" />}
      <Form form={form} layout="vertical" name="user" initialValues={opened ? { ...opened.value, roles: opened.value.roles?.map((role) => ({ ...OPEN_PLACE, ...role })) } : { roles: [NEW_ROLE] }} onFinish={submit}>
        {!opened && (
          <Form.Item name="username" label={strings.login.username} extra={strings.users.usernameHint} rules={[{ required: true, message: strings.users.usernameMissing }]}>
            <Input autoFocus autoComplete="off" maxLength={64} />
          </Form.Item>
        )}
        <Form.Item name="desc" label={strings.common.description} extra={strings.users.descriptionHint}>
          <Input autoComplete="off" maxLength={256} />
        </Form.Item>
        <RolesField />
        {opened && !self && (
          <Form.Item name="disabled" label={strings.users.disabled} extra={strings.users.disabledHint} valuePropName="checked">
            <Switch />
          </Form.Item>
        )}
        <button type="submit" hidden />
      </Form>
    </Modal>
  );
}
