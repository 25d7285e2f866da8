import { AutoComplete, Form, Input, Select } from 'antd';
import { useSettled } from '../components/useSettled';
import { useScope } from '../objects/scope';
import { strings } from '../strings';
import { registryIdOf, type ServiceOf } from './followedBy';
import { InstancePreview } from './InstancePreview';
import { MapField } from '../components/MapField';
import { useServices } from './queries';
import { RegistrySelect } from './RegistrySelect';

const words = strings.registries.source;
const METADATA = { name: strings.registries.metadataName, value: strings.registries.metadataValue, add: strings.registries.addMetadata, remove: strings.registries.removeMetadata };
/** Arguments beside metadata, by type. */
const ARGUMENTS: Record<string, string[]> = { nacos: ['namespace_id', 'group_name'], consul: ['tags', 'datacenter'], consul_kv: ['datacenter'] };
const WITHOUT_METADATA = ['dns', 'kubernetes'];

/** Which service of which registry an upstream follows: looked for in the registry, or typed; and what it has now. */
export function ServiceChoice() {
  const { group } = useScope();
  const form = Form.useFormInstance<ServiceOf>();
  const upstream = useSettled(Form.useWatch(({ service_name, discovery_type, service_registry_id, discovery_args }: ServiceOf) => ({ service_name, discovery_type, service_registry_id, discovery_args }), { form, preserve: true }) ?? {});
  const type = Form.useWatch('discovery_type', { form, preserve: true });
  const services = useServices(group, registryIdOf(upstream), 1, upstream.service_name ?? '', 20);
  const args = ARGUMENTS[type ?? ''] ?? [];

  return (
    <>
      <Form.Item name="discovery_type" label={words.chooseRegistry} extra={words.registryHint} rules={[{ required: true, message: words.registryMissing }]}>
        <RegistrySelect group={group} />
      </Form.Item>
      <Form.Item
        name="service_name"
        label={words.service}
        extra={services.error && type !== 'dns' ? services.error.message : words.serviceHint[type ?? '']}
        rules={[{ required: true, whitespace: true, message: words.serviceMissing }]}
      >
        <AutoComplete options={services.data?.list.map((value) => ({ value }))} maxLength={256} />
      </Form.Item>
      <div className="field-row">
        {args.includes('namespace_id') && (
          <Form.Item name={['discovery_args', 'namespace_id']} label={words.namespace}>
            <Input autoComplete="off" placeholder="public" />
          </Form.Item>
        )}
        {args.includes('group_name') && (
          <Form.Item name={['discovery_args', 'group_name']} label={words.group}>
            <Input autoComplete="off" placeholder="DEFAULT_GROUP" />
          </Form.Item>
        )}
        {args.includes('datacenter') && (
          <Form.Item name={['discovery_args', 'datacenter']} label={words.datacenter}>
            <Input autoComplete="off" />
          </Form.Item>
        )}
        {args.includes('tags') && (
          <Form.Item name={['discovery_args', 'tags']} label={words.tags} extra={words.tagsHint} className="field-long">
            <Select mode="tags" open={false} suffixIcon={null} />
          </Form.Item>
        )}
        {type !== undefined && !WITHOUT_METADATA.includes(type) && (
          <Form.Item name={['discovery_args', 'metadata']} label={words.metadata} extra={words.metadataHint} className="field-long">
            <MapField label={words.metadata} words={METADATA} />
          </Form.Item>
        )}
      </div>
      <InstancePreview group={group} registry={registryIdOf(upstream)} service={upstream.service_name ?? ''} args={upstream.discovery_args} />
    </>
  );
}
