import { useParams } from 'react-router';
import { strings } from '../strings';
import { HistoryPage } from './HistoryPage';

const OBJECTS = ['upstreams', 'routes', 'services', 'consumers', 'credentials', 'consumer_groups', 'plugin_configs', 'global_rules', 'plugin_metadata', 'protos', 'secrets', 'ssls', 'service_registries', 'overrides'];
const OF_A_GROUP = ['gateway_groups', 'workspaces', 'instance_tokens', 'tokens'];
const EVERYWHERE = ['users', ...OF_A_GROUP];

/** The changes of a workspace's objects. */
export function RevisionsPage() {
  const { group, workspace } = useParams();
  return <HistoryPage title={strings.history.revisions} about={strings.history.revisionsAbout} log={{ group, workspace }} kinds={OBJECTS} empty={strings.history.noRevisions} />;
}

/** The changes of a gateway group, its workspaces and its tokens. */
export function GroupAuditPage() {
  const { group } = useParams();
  return <HistoryPage title={strings.history.audit} about={strings.history.groupAuditAbout} log={{ group }} kinds={OF_A_GROUP} empty={strings.history.noAudit} />;
}

/** The changes of people and places everywhere. */
export function AuditPage() {
  return <HistoryPage title={strings.history.audit} about={strings.history.auditAbout} log={{}} kinds={EVERYWHERE} empty={strings.history.noAudit} />;
}
