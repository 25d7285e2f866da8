import { Button, Form, Input, Select } from 'antd';
import { useEffect } from 'react';
import { strings } from '../strings';
import type { ChangeFilter } from './queries';

/** A moment of the address, seconds of Unix time or a text of ISO 8601, as the browser's field for a local time has it; the server refuses what is neither. */
export function localTime(at?: string): string {
  const moment = new Date(at && /^\d+$/.test(at) ? Number(at) * 1_000 : (at ?? ''));
  if (Number.isNaN(moment.getTime())) return '';
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const secondsOf = (local: string) => String(Math.floor(new Date(local).getTime() / 1_000));

interface FilterFormProps {
  /** Kinds that this history has. */
  kinds: readonly string[];
  filter: ChangeFilter;
  onFilter: (filter: ChangeFilter) => void;
}

/** What to look for: who, what, when. */
export function FilterForm({ kinds, filter, onFilter }: FilterFormProps) {
  const [form] = Form.useForm<Record<keyof ChangeFilter, string | undefined>>();
  const kind = Form.useWatch('kind', form);
  const shown = { who: filter.who, kind: filter.kind ?? '', id: filter.id, from: localTime(filter.from), to: localTime(filter.to) };
  const address = JSON.stringify(shown);
  useEffect(() => form.setFieldsValue(JSON.parse(address) as typeof shown), [form, address]);

  return (
    <Form
      form={form}
      layout="vertical"
      name="changes"
      className="filter-form"
      initialValues={shown}
      onFinish={(values) =>
        onFilter({
          ...(values.who?.trim() && { who: values.who.trim() }),
          ...(values.kind && { kind: values.kind }),
          ...(values.kind && values.id?.trim() && { id: values.id.trim() }),
          ...(values.from && { from: secondsOf(values.from) }),
          ...(values.to && { to: secondsOf(values.to) }),
        })
      }
    >
      <Form.Item name="who" label={strings.audit.who}>
        <Input autoComplete="off" allowClear />
      </Form.Item>
      <Form.Item name="kind" label={strings.audit.kind}>
        <Select options={[{ value: '', label: strings.audit.anyKind }, ...kinds.map((value) => ({ value, label: strings.audit.kindOf(value) }))]} />
      </Form.Item>
      <Form.Item name="id" label={strings.common.id}>
        <Input autoComplete="off" allowClear disabled={!kind} placeholder={kind ? undefined : strings.audit.idNeedsKind} />
      </Form.Item>
      <Form.Item name="from" label={strings.audit.from}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="to" label={strings.audit.to}>
        <Input type="datetime-local" />
      </Form.Item>
      <div className="filter-actions">
        <Button htmlType="submit" type="primary">
          {strings.audit.search}
        </Button>
        <Button
          onClick={() => {
            form.setFieldsValue({ who: '', kind: '', id: '', from: '', to: '' });
            onFilter({});
          }}
        >
          {strings.audit.clear}
        </Button>
      </div>
    </Form>
  );
}
