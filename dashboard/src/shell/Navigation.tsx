import { ApartmentOutlined, ApiOutlined, AppstoreOutlined, AuditOutlined, BranchesOutlined, ClusterOutlined, DeploymentUnitOutlined, ForkOutlined, HddOutlined, HistoryOutlined, IdcardOutlined, KeyOutlined, QuestionCircleOutlined, TeamOutlined } from '@ant-design/icons';
import { Menu, type MenuProps } from 'antd';
import { cloneElement, type ReactElement } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { auditPath, groupPath, groupsPath, usersPath, workspacePath } from '../paths';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';

type Item = NonNullable<MenuProps['items']>[number];

/** What there is where one is: of all groups, of the group, of the workspace. */
export function Navigation({ narrow }: { narrow: boolean }) {
  const { group, workspace } = useParams();
  const { pathname } = useLocation();
  const ownsGroup = useMay('owner', group);
  const ownsAll = useMay('owner');
  const seesGroup = useMay('viewer', group);
  const items: Item[] = [link(groupsPath(), strings.groups.title, <ClusterOutlined />)];
  if (ownsAll) items.push(link(usersPath(), strings.users.title, <TeamOutlined />), link(auditPath(), strings.audit.title, <AuditOutlined />));
  if (group !== undefined)
    items.push(
      section(strings.shell.group, narrow, [
        link(groupPath(group, 'instances'), strings.instances.title, <HddOutlined />),
        ...(ownsGroup ? [link(groupPath(group, 'instance-tokens'), strings.tokens.title, <KeyOutlined />)] : []),
        link(groupPath(group, 'workspaces'), strings.workspaces.title, <ApartmentOutlined />),
        link(groupPath(group, 'service-registries'), strings.registries.title, <ApiOutlined />),
        ...(ownsGroup ? [link(groupPath(group, 'audit'), strings.audit.title, <AuditOutlined />)] : []),
      ]),
    );
  if (group !== undefined && workspace !== undefined)
    items.push(
      section(strings.shell.workspace, narrow, [
        link(workspacePath(group, workspace, 'upstreams'), strings.upstreams.title, <DeploymentUnitOutlined />),
        link(workspacePath(group, workspace, 'routes'), strings.routes.title, <BranchesOutlined />),
        link(workspacePath(group, workspace, 'services'), strings.services.title, <AppstoreOutlined />),
        link(workspacePath(group, workspace, 'consumers'), strings.consumers.title, <IdcardOutlined />),
        link(workspacePath(group, workspace, 'canary'), strings.canary.title, <ForkOutlined />),
        // Any route of the group may take a request: who sees a workspace alone is not told.
        ...(seesGroup ? [link(workspacePath(group, workspace, 'explain'), strings.explain.title, <QuestionCircleOutlined />)] : []),
        link(workspacePath(group, workspace, 'revisions'), strings.audit.revisions, <HistoryOutlined />),
      ]),
    );

  // The longest path that leads to where one is.
  const keys = items.flatMap((item) => (item && 'children' in item ? (item.children ?? []) : [item])).map((item) => String(item?.key));
  const selected = keys.filter((key) => pathname === key || pathname.startsWith(key + '/')).sort((a, b) => b.length - a.length)[0];
  return (
    <nav aria-label={strings.shell.navigation}>
      <Menu mode="inline" inlineCollapsed={narrow} selectedKeys={selected === undefined ? [] : [selected]} items={items} className="shell-menu" />
    </nav>
  );
}

function link(path: string, label: string, icon: ReactElement<{ 'aria-hidden'?: boolean }>): Item {
  // The sign says no more than the words.
  return { key: path, icon: cloneElement(icon, { 'aria-hidden': true }), label: <Link to={path}>{label}</Link>, title: label };
}

function section(label: string, narrow: boolean, children: Item[]): Item {
  return { type: 'group', key: label, label: narrow ? null : label, children };
}
