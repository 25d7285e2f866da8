import { useParams } from 'react-router';
import { strings } from '../strings';
import { ChangeLog } from './ChangeLog';

const OBJECTS = ['upstreams', 'routes', 'services', 'consumers', 'credentials', 'consumer_groups', 'plugin_configs', 'global_rules', 'plugin_metadata', 'protos', 'secrets', 'ssls', 'service_registries', 'overrides'];
const OF_A_GROUP = ['gateway_groups', 'workspaces', 'instance_tokens', 'tokens'];
const EVERYWHERE = ['users', ...OF_A_GROUP];

/** The changes of a workspace's objects. */
export function RevisionsPage() {
  const { group, workspace } = useParams();
  return <ChangeLog title={strings.audit.revisions} about={strings.audit.revisionsAbout} log={{ group, workspace }} kinds={OBJECTS} />;
}

/** The changes of a gateway group, its workspaces and its tokens. */
export function GroupAuditPage() {
  const { group } = useParams();
  return <ChangeLog title={strings.audit.title} about={strings.audit.groupAbout} log={{ group }} kinds={OF_A_GROUP} />;
}

/** The changes of people and places everywhere. */
export function AuditPage() {
  return <ChangeLog title={strings.audit.title} about={strings.audit.about} log={{}} kinds={EVERYWHERE} />;
}
