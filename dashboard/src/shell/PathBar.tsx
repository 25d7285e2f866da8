import { CheckOutlined, DownOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { useGroups } from '../groups/queries';
import { nameOf, type KindName, type KindWords } from '../objects/kinds';
import { useObject } from '../objects/queries';
import { useScope } from '../objects/scope';
import { auditPath, groupPath, groupsPath, profilePath, usersPath, workspacePath } from '../paths';
import { strings } from '../strings';
import { useWorkspaces } from '../workspaces/queries';

/** Pages that are of no gateway group. */
const TOP = new Map([
  [profilePath(), strings.profile.title],
  [usersPath(), strings.users.title],
  [auditPath(), strings.audit.title],
]);

/** Pages of a workspace, and of a gateway group, by their part of the address. */
const PAGES: Record<string, { title: string } | (KindWords & { kind: KindName })> = {
  upstreams: { ...strings.upstreams, kind: 'upstreams' },
  routes: { ...strings.routes, kind: 'routes' },
  services: { ...strings.services, kind: 'services' },
  consumers: { ...strings.consumers, kind: 'consumers' },
  canary: strings.canary,
  explain: { title: strings.explain.title },
  revisions: { title: strings.audit.revisions },
  'service-registries': { ...strings.registries, kind: 'service_registries' },
};

/** Parts of an address before that of a page: /gateway-groups/G/PAGE, /gateway-groups/G/workspaces/W/PAGE. */
const DEPTH = { group: 3, workspace: 5 };

/** Where one is: group, workspace, object; the group and the workspace can be changed here. */
export function PathBar() {
  const { group, workspace } = useParams();
  const { pathname } = useLocation();
  const top = TOP.get(pathname);
  return (
    <nav aria-label={strings.shell.path} className="path-bar">
      <ol>
        {top === undefined ? (
          <li>
            <Link to={groupsPath()}>{strings.groups.title}</Link>
          </li>
        ) : (
          <li aria-current="page">{top}</li>
        )}
        {group !== undefined && <GroupStep group={group} />}
        {group !== undefined && workspace !== undefined && (
          <>
            <WorkspaceStep group={group} workspace={workspace} />
            <PageSteps depth={DEPTH.workspace} />
          </>
        )}
        {group !== undefined && workspace === undefined && <PageSteps depth={DEPTH.group} />}
      </ol>
    </nav>
  );
}

/** The steps below a workspace or group, PAGE/ID/LAST: a kind's list or another page, an object, what is done with it. */
function PageSteps({ depth }: { depth: number }) {
  const { id } = useParams();
  const steps = useLocation().pathname.split('/');
  const at = steps.slice(0, depth + 1).join('/');
  const words = PAGES[steps[depth] ?? ''];
  const isNew = steps[depth + 1] === '+new';
  const last = steps[depth + 2];
  if (words === undefined) return null;
  return (
    <>
      <li {...(id === undefined && !isNew && { 'aria-current': 'page' })}>
        <Link to={at}>{words.title}</Link>
      </li>
      {isNew && 'kind' in words && <li aria-current="page">{words.create}</li>}
      {id !== undefined && 'kind' in words && (
        <li {...(last === undefined && { 'aria-current': 'page' })}>
          <Link to={`${at}/${encodeURIComponent(id)}`}>
            <ObjectName kind={words.kind} id={id} />
          </Link>
        </li>
      )}
      {id !== undefined && last === 'history' && <li aria-current="page">{strings.history.menu}</li>}
      {id !== undefined && last === 'canary' && <li aria-current="page">{strings.canary.title}</li>}
      {id !== undefined && last === 'configure' && <li aria-current="page">{strings.objects.configure}</li>}
    </>
  );
}

/** What an object is called, by what its page has read of it. */
function ObjectName({ kind, id }: { kind: KindName; id: string }) {
  const { data } = useObject(kind, useScope(), id);
  return data ? nameOf(data.value) : id;
}

function GroupStep({ group }: { group: string }) {
  const groups = useGroups();
  return <Step id={group} to={groupPath(group, 'instances')} label={strings.shell.switchGroup} options={groups.data?.list ?? []} target={(other) => groupPath(other, 'instances')} />;
}

function WorkspaceStep({ group, workspace }: { group: string; workspace: string }) {
  const workspaces = useWorkspaces(group);
  return (
    <Step
      id={workspace}
      to={workspacePath(group, workspace, 'upstreams')}
      label={strings.shell.switchWorkspace}
      options={workspaces.data?.list ?? []}
      target={(other) => workspacePath(group, other, 'upstreams')}
    />
  );
}

interface StepProps {
  id: string;
  to: string;
  label: string;
  options: { id?: string; name: string }[];
  target: (id: string) => string;
}

function Step({ id, to, label, options, target }: StepProps) {
  const navigate = useNavigate();
  const name = options.find((option) => option.id === id)?.name ?? id;
  return (
    <li>
      <Link to={to}>{name}</Link>
      <Dropdown
        trigger={['click']}
        menu={{
          selectedKeys: [id],
          items: options.map((option) => ({ key: option.id!, label: option.name, icon: option.id === id ? <CheckOutlined /> : <span className="icon-space" /> })),
          onClick: ({ key }) => void navigate(target(key)),
        }}
      >
        <Button type="text" size="small" aria-label={label} title={label} icon={<DownOutlined />} />
      </Dropdown>
    </li>
  );
}
