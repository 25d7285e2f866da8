import { Form, Radio } from 'antd';
import { useRef, useState } from 'react';
import { ServiceChoice } from '../../registries/ServiceChoice';
import { strings } from '../../strings';
import { Section } from '../../components/Section';
import type { NodeEntry, UpstreamEntry } from '../model';
import { WrittenNodes } from './WrittenNodes';

const words = strings.upstreams;
const { source: sources } = strings.registries;
const START: NodeEntry[] = [{ host: '', port: 80, weight: 1 }];

/** Where nodes come from. */
type Source = 'written' | 'registry' | 'both';

const sourceOf = ({ service_name, discovery_type, nodes }: UpstreamEntry): Source =>
  service_name === undefined && discovery_type === undefined ? 'written' : nodes !== undefined && nodes.length > 0 ? 'both' : 'registry';

/** Where requests go: the nodes that are written in the upstream itself, those of a service of a registry, or both. */
export function NodesSection() {
  const form = Form.useFormInstance<UpstreamEntry>();
  const [source, setSource] = useState<Source>(() => sourceOf(form.getFieldsValue(true) as UpstreamEntry));
  // What a choice takes away comes back with the other one.
  const kept = useRef<Partial<UpstreamEntry>>({});

  const choose = (next: Source) => {
    const { nodes, service_name, discovery_type, service_registry_id, discovery_args } = form.getFieldsValue(true) as UpstreamEntry;
    if (source !== 'registry') kept.current.nodes = nodes;
    if (source !== 'written') Object.assign(kept.current, { service_name, discovery_type, service_registry_id, discovery_args });
    const { nodes: nodesKept, ...serviceKept } = kept.current;
    form.setFieldsValue({
      nodes: next === 'registry' ? undefined : nodesKept?.length ? nodesKept : START,
      ...(next === 'written' ? { service_name: undefined, discovery_type: undefined, service_registry_id: undefined, discovery_args: undefined } : serviceKept),
    });
    setSource(next);
  };

  return (
    <Section title={words.nodes} about={words.nodesAbout}>
      <Form.Item label={sources.title} extra={source === 'both' ? sources.bothHint : undefined}>
        <Radio.Group
          aria-label={sources.title}
          value={source}
          onChange={({ target }) => choose(target.value as Source)}
          options={(['written', 'registry', 'both'] as const).map((value) => ({ value, label: sources[value] }))}
        />
      </Form.Item>
      {source !== 'written' && <ServiceChoice />}
      {source !== 'registry' && <WrittenNodes />}
    </Section>
  );
}
