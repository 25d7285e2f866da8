// Fills and reads an API server with Kubernetes' own client for Node. Arguments: address of the server, file of its authority, token, what to do.
import * as k8s from '@kubernetes/client-node';

const [server, caFile, token, action] = process.argv.slice(2);
const config = new k8s.KubeConfig();
config.loadFromOptions({
  clusters: [{ name: 'test', server, caFile }],
  users: [{ name: 'gateway', token }],
  contexts: [{ name: 'test', cluster: 'test', user: 'gateway' }],
  currentContext: 'test',
});
const discovery = config.makeApiClient(k8s.DiscoveryV1Api);
const core = config.makeApiClient(k8s.CoreV1Api);
const namespace = 'shop';
const say = (...words) => console.log(words.join(' '));

const slice = (name, service, addresses, port) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, namespace, labels: { 'kubernetes.io/service-name': service } },
  addressType: addresses[0].includes(':') ? 'IPv6' : 'IPv4',
  endpoints: addresses.map((address, i) => ({ addresses: [address], conditions: { ready: true, serving: true, terminating: false }, nodeName: `m${i}`, zone: 'z1' })),
  ports: [{ name: 'http', port, protocol: 'TCP' }],
});
const endpoints = (name, ips) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name, namespace },
  subsets: [{ addresses: ips.map((ip) => ({ ip })), notReadyAddresses: [{ ip: '10.9.9.9' }], ports: [{ name: 'http', port: 8080 }] }],
});

const refusal = async (what) => {
  try {
    await what();
    return 'taken';
  } catch (e) {
    return `${e.code} ${JSON.parse(e.body).reason}`;
  }
};

async function fill() {
  for (let i = 0; i < 5; i++)
    await discovery.createNamespacedEndpointSlice({ namespace, body: slice(`orders-${i}`, 'orders', [`10.0.0.${i}`], 80) });
  await discovery.createNamespacedEndpointSlice({ namespace, body: slice('orders-6', 'orders', ['fd00::1'], 80) });
  await core.createNamespacedEndpoints({ namespace, body: endpoints('orders', ['10.0.1.1', '10.0.1.2']) });
  const known = await discovery.readNamespacedEndpointSlice({ namespace, name: 'orders-0' });
  const changed = slice('orders-0', 'orders', ['10.0.0.100', '10.0.0.101'], 80);
  changed.metadata.resourceVersion = known.metadata.resourceVersion;
  await discovery.replaceNamespacedEndpointSlice({ namespace, name: 'orders-0', body: changed });
  say('stale', await refusal(() => discovery.replaceNamespacedEndpointSlice({ namespace, name: 'orders-0', body: changed })));
  say('twice', await refusal(() => discovery.createNamespacedEndpointSlice({ namespace, body: slice('orders-1', 'orders', ['10.0.0.1'], 80) })));
  await discovery.deleteNamespacedEndpointSlice({ namespace, name: 'orders-4' });
  say('missing', await refusal(() => discovery.readNamespacedEndpointSlice({ namespace, name: 'orders-4' })));
  await core.replaceNamespacedEndpoints({ namespace, name: 'orders', body: endpoints('orders', ['10.0.1.2', '10.0.1.3']) });
}

async function list() {
  let next;
  let pages = 0;
  do {
    const page = await discovery.listEndpointSliceForAllNamespaces({ limit: 2, _continue: next });
    for (const one of page.items) say(one.metadata.namespace, one.metadata.name, one.endpoints.map((e) => e.addresses[0]).join(','));
    next = page.metadata._continue;
    pages++;
  } while (next);
  say('pages', pages);
  for (const one of (await core.listNamespacedEndpoints({ namespace })).items) say(one.metadata.name, one.subsets[0].addresses.map((a) => a.ip).join(','));
  say('selected', (await discovery.listNamespacedEndpointSlice({ namespace, labelSelector: 'kubernetes.io/service-name=none' })).items.length);
}

// Lists, then watches from there; after 410 Gone it lists again.
async function follow() {
  let over = false;
  const path = '/apis/discovery.k8s.io/v1/endpointslices';
  const informer = k8s.makeInformer(config, path, () => discovery.listEndpointSliceForAllNamespaces());
  informer.on('add', (one) => say('add', one.metadata.name));
  informer.on('update', (one) => say('update', one.metadata.name, one.endpoints.length));
  informer.on('delete', (one) => {
    say('delete', one.metadata.name);
    if (one.metadata.name !== 'last') return;
    over = true;
    informer.stop();
  });
  informer.on('error', (e) => {
    if (over) return; // it cancels its own request
    say('error', String(e));
    process.exitCode = 1;
  });
  await informer.start();
}

await { fill, list, follow }[action]();
