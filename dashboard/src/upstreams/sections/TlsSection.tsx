import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Switch } from 'antd';
import { strings } from '../../strings';
import { OptionalPart } from './OptionalPart';
import { Section } from '../../components/Section';

const words = strings.upstreams.tls;

/** How the nodes are reached over TLS: whether their certificate is checked, and which one is shown to them. */
export function TlsSection() {
  const form = Form.useFormInstance();
  const ofAnObject = Form.useWatch<unknown>(['tls', 'client_cert_id'], { form, preserve: true });
  return (
    <Section title={words.title} about={words.about}>
      <OptionalPart id="tls-settings" label={words.label} at={['tls']} start={{ verify: true }}>
        <Form.Item name={['tls', 'verify']} label={words.verify} extra={words.verifyHint} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.List name={['tls', 'ca_certs']}>
          {(fields, { add, remove }) => (
            <div role="group" aria-label={words.authorities} className="form-group">
              {fields.map(({ key, name }) => (
                <div key={key} className="removable-row">
                  <Form.Item name={name} label={words.authority(name + 1)}>
                    <Input.TextArea rows={3} className="code" spellCheck={false} placeholder="-----BEGIN CERTIFICATE-----" />
                  </Form.Item>
                  <Button type="text" danger icon={<DeleteOutlined />} className="row-remove" aria-label={words.removeAuthority(name + 1)} title={words.removeAuthority(name + 1)} onClick={() => remove(name)} />
                </div>
              ))}
              <Button icon={<PlusOutlined />} onClick={() => add('')}>
                {words.addAuthority}
              </Button>
              <p className="secondary">{words.authoritiesHint}</p>
            </div>
          )}
        </Form.List>
        <Form.Item name={['tls', 'client_cert_id']} label={words.certificateId} extra={words.certificateIdHint}>
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        {!ofAnObject && (
          <div className="field-row field-row-two">
            <Form.Item name={['tls', 'client_cert']} label={words.certificate}>
              <Input.TextArea rows={4} className="code" spellCheck={false} placeholder="-----BEGIN CERTIFICATE-----" />
            </Form.Item>
            <Form.Item name={['tls', 'client_key']} label={words.key} extra={words.keyHint}>
              <Input.TextArea rows={4} className="code" spellCheck={false} autoComplete="off" placeholder="-----BEGIN PRIVATE KEY-----" />
            </Form.Item>
          </div>
        )}
      </OptionalPart>
    </Section>
  );
}
