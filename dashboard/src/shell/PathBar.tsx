import { CheckOutlined, DownOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { useGroups } from '../groups/queries';
import { auditPath, groupPath, groupsPath, profilePath, upstreamPath, usersPath, workspacePath } from '../paths';
import { strings } from '../strings';
import { useWorkspaces } from '../workspaces/queries';

/** Pages that are of no gateway group. */
const TOP = new Map([
  [profilePath(), strings.profile.title],
  [usersPath(), strings.users.title],
  [auditPath(), strings.audit.title],
]);

/** Where one is: group, workspace, object; the group and the workspace can be changed here. */
export function PathBar() {
  const { group, workspace, id } = useParams();
  const { pathname } = useLocation();
  const top = TOP.get(pathname);
  const isRevisions = id === undefined && pathname.endsWith('/revisions');
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
        {group !== undefined && workspace !== undefined && <WorkspaceStep group={group} workspace={workspace} />}
        {group !== undefined && workspace !== undefined && isRevisions && <li aria-current="page">{strings.audit.revisions}</li>}
        {group !== undefined && workspace !== undefined && !isRevisions && (
          <li>
            <Link to={workspacePath(group, workspace, 'upstreams')}>{strings.upstreams.title}</Link>
          </li>
        )}
        {group !== undefined && workspace !== undefined && id !== undefined && (
          <li>
            <Link to={upstreamPath(group, workspace, id)}>{id}</Link>
          </li>
        )}
        {pathname.endsWith('/+new') && <li aria-current="page">{strings.upstreams.create}</li>}
        {id !== undefined && pathname.endsWith(`/${id}/history`) && <li aria-current="page">{strings.history.menu}</li>}
        {id !== undefined && pathname.endsWith(`/${id}/configure`) && <li aria-current="page">{strings.upstreams.configure}</li>}
      </ol>
    </nav>
  );
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
