import { Form, Radio, Switch } from 'antd';
import { useRef, useState } from 'react';
import { Section } from '../components/Section';
import { ObjectPicker } from '../objects/ObjectPicker';
import { useScope } from '../objects/scope';
import { serviceKind } from '../services/model';
import { strings } from '../strings';
import { upstreamKind, type UpstreamEntry } from '../upstreams/model';
import { InlineUpstream } from './InlineUpstream';
import { addressesOf, type TargetEntry } from './target';
import { UpstreamPicker } from './UpstreamPicker';

const words = strings.targets;

type Mode = keyof typeof words.modes;

/** Where requests go: to an upstream, to that of a service, or to nodes that are written here. */
export function TargetSection({ of }: { of: 'route' | 'service' }) {
  const scope = useScope();
  const form = Form.useFormInstance<TargetEntry>();
  const [inline] = Form.useForm<UpstreamEntry>();
  const [mode, setMode] = useState<Mode>(() => modeOf(form.getFieldsValue(true) as TargetEntry, of));
  const service = Form.useWatch('service_id', { form, preserve: true });
  // What was chosen another way is there again when one comes back to it.
  const left = useRef<Pick<TargetEntry, 'upstream_id' | 'upstream'>>({});

  const change = (next: Mode) => {
    const { upstream_id, upstream } = form.getFieldsValue(true) as TargetEntry;
    left.current = { upstream_id: upstream_id ?? left.current.upstream_id, upstream: upstream ?? left.current.upstream };
    form.setFieldValue('upstream_id', next === 'upstream' ? left.current.upstream_id : undefined);
    form.setFieldValue('upstream', next === 'inline' ? (left.current.upstream ?? upstreamKind.start) : undefined);
    setMode(next);
  };

  return (
    <>
      <Section title={words.title} about={of === 'route' ? words.aboutRoute : words.aboutService}>
        <Form.Item>
          <Radio.Group
            aria-label={words.modeLabel}
            value={mode}
            onChange={({ target }) => change(target.value as Mode)}
            options={(['upstream', ...(of === 'route' ? (['service'] as const) : []), 'inline'] as const).map((value) => ({ value, label: words.modes[value] }))}
          />
        </Form.Item>
        {mode === 'upstream' && (
          <Form.Item name="upstream_id" label={words.upstream} rules={[{ required: true, message: words.upstreamMissing }]}>
            <UpstreamPicker />
          </Form.Item>
        )}
        {of === 'route' && (mode === 'service' || service !== undefined) && (
          <Form.Item name="service_id" label={words.service} extra={words.serviceHint} rules={mode === 'service' ? [{ required: true, message: words.serviceMissing }] : []}>
            <ObjectPicker kind={serviceKind} scope={scope} detail={({ upstream }) => upstream && addressesOf(upstream)} allowClear={mode !== 'service'} />
          </Form.Item>
        )}
        {mode === 'inline' && <p className="secondary">{words.inlineHint}</p>}
        <Form.Item name="enable_websocket" label={words.websocket} valuePropName="checked" extra={of === 'route' ? words.websocketOfRoute : words.websocketOfService}>
          <Switch />
        </Form.Item>
      </Section>
      {mode === 'inline' && (
        <Form.Item name="upstream" noStyle validateTrigger={[]} rules={[{ validator: () => inline.validateFields() }]}>
          <InlineUpstream form={inline} />
        </Form.Item>
      )}
    </>
  );
}

function modeOf({ upstream_id, upstream, service_id }: TargetEntry, of: 'route' | 'service'): Mode {
  if (upstream_id !== undefined) return 'upstream';
  if (upstream !== undefined) return 'inline';
  return of === 'route' && service_id !== undefined ? 'service' : 'upstream';
}
