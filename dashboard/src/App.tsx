import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ComponentType, ReactNode } from 'react';
import { createBrowserRouter, Navigate, RouterProvider, type RouteObject } from 'react-router';
import { ApiError } from './api/errors';
import { FailedPage, NotFoundPage } from './components/FailedPage';
import { ExplainPage } from './explain/ExplainPage';
import { GroupsPage } from './groups/GroupsPage';
import { InstancesPage } from './groups/InstancesPage';
import { InstanceTokensPage } from './groups/InstanceTokensPage';
import { AuditPage, GroupAuditPage, RevisionsPage } from './audit/pages';
import { ConsumerPage } from './consumers/ConsumerPage';
import { ConsumerSections } from './consumers/ConsumerSections';
import { ConsumersPage } from './consumers/ConsumersPage';
import { consumerKind } from './consumers/model';
import { CanariesPage } from './canary/CanariesPage';
import { CanaryPage } from './canary/CanaryPage';
import { ConfigurePage } from './objects/ConfigurePage';
import { CreatePage } from './objects/CreatePage';
import { HistoryPage } from './objects/HistoryPage';
import type { KindName, ObjectKind } from './objects/kinds';
import { groupsPath } from './paths';
import { routeKind } from './routes/model';
import { RoutePage } from './routes/RoutePage';
import { RouteSections } from './routes/RouteSections';
import { RoutesPage } from './routes/RoutesPage';
import { serviceKind } from './services/model';
import { ServicePage } from './services/ServicePage';
import { ServiceSections } from './services/ServiceSections';
import { ServicesPage } from './services/ServicesPage';
import { ProfilePage } from './profile/ProfilePage';
import { registryKind } from './registries/model';
import { RegistriesPage } from './registries/RegistriesPage';
import { RegistryPage } from './registries/RegistryPage';
import { RegistrySections } from './registries/RegistrySections';
import { LoginPage } from './session/LoginPage';
import { PasswordPage } from './session/PasswordPage';
import { RequireSession } from './session/RequireSession';
import { SessionProvider } from './session/SessionContext';
import { Shell } from './shell/Shell';
import { ThemeProvider } from './theme/ThemeContext';
import { upstreamKind } from './upstreams/model';
import { UpstreamPage } from './upstreams/UpstreamPage';
import { UpstreamSections } from './upstreams/UpstreamSections';
import { UpstreamsPage } from './upstreams/UpstreamsPage';
import { UsersPage } from './users/UsersPage';
import { WorkspacesPage } from './workspaces/WorkspacesPage';

/** The pages of a kind of object: its list, a new one, one of them and what can be done with it. */
function pagesOf<K extends KindName, E extends object>(kind: ObjectKind<K, E>, list: ReactNode, one: ReactNode, Sections: ComponentType<{ isNew?: boolean }>): RouteObject[] {
  const path = `gateway-groups/:group/workspaces/:workspace/${kind.name}`;
  return [
    { path, element: list },
    { path: `${path}/+new`, element: <CreatePage kind={kind} children={<Sections isNew />} /> },
    { path: `${path}/:id`, element: one },
    { path: `${path}/:id/configure`, element: <ConfigurePage kind={kind} children={<Sections />} /> },
    { path: `${path}/:id/history`, element: <HistoryPage kind={kind} /> },
  ];
}

/** Every address and its page. */
export const routes: RouteObject[] = [
  { path: '/login', element: <LoginPage /> },
  { path: '/password', element: <PasswordPage /> },
  {
    element: <RequireSession />,
    errorElement: <FailedPage />,
    children: [
      {
        element: <Shell />,
        children: [
          { index: true, element: <Navigate to={groupsPath()} replace /> },
          {
            errorElement: <FailedPage />,
            children: [
              { path: 'profile', element: <ProfilePage /> },
              { path: 'users', element: <UsersPage /> },
              { path: 'audit', element: <AuditPage /> },
              { path: 'gateway-groups', element: <GroupsPage /> },
              { path: 'gateway-groups/:group', element: <Navigate to="instances" replace /> },
              { path: 'gateway-groups/:group/instances', element: <InstancesPage /> },
              { path: 'gateway-groups/:group/instance-tokens', element: <InstanceTokensPage /> },
              {
                path: 'gateway-groups/:group/service-registries',
                children: [
                  { index: true, element: <RegistriesPage /> },
                  { path: '+new', element: <CreatePage kind={registryKind} children={<RegistrySections isNew />} /> },
                  { path: ':id', element: <RegistryPage /> },
                  { path: ':id/configure', element: <ConfigurePage kind={registryKind} children={<RegistrySections />} /> },
                  { path: ':id/history', element: <HistoryPage kind={registryKind} /> },
                ],
              },
              { path: 'gateway-groups/:group/audit', element: <GroupAuditPage /> },
              { path: 'gateway-groups/:group/workspaces', element: <WorkspacesPage /> },
              { path: 'gateway-groups/:group/workspaces/:workspace', element: <Navigate to="upstreams" replace /> },
              ...pagesOf(upstreamKind, <UpstreamsPage />, <UpstreamPage />, UpstreamSections),
              ...pagesOf(routeKind, <RoutesPage />, <RoutePage />, RouteSections),
              ...pagesOf(serviceKind, <ServicesPage />, <ServicePage />, ServiceSections),
              ...pagesOf(consumerKind, <ConsumersPage />, <ConsumerPage />, ConsumerSections),
              { path: 'gateway-groups/:group/workspaces/:workspace/routes/:id/canary', element: <CanaryPage kind="routes" /> },
              { path: 'gateway-groups/:group/workspaces/:workspace/services/:id/canary', element: <CanaryPage kind="services" /> },
              { path: 'gateway-groups/:group/workspaces/:workspace/canary', element: <CanariesPage /> },
              { path: 'gateway-groups/:group/workspaces/:workspace/explain', element: <ExplainPage /> },
              { path: 'gateway-groups/:group/workspaces/:workspace/revisions', element: <RevisionsPage /> },
              { path: '*', element: <NotFoundPage /> },
            ],
          },
        ],
      },
    ],
  },
];

/** Asks once more only where the next answer may be another one. */
const mayPass = (failures: number, error: Error) => failures < 1 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502);

/** What reads from the API and keeps what it read: shown at once when a page opens, and asked anew, since somebody may have written in between. */
export const makeQueryClient = () => new QueryClient({ defaultOptions: { queries: { retry: mayPass } } });

/** The dashboard. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <ThemeProvider>
        <SessionProvider>
          <RouterProvider router={router} />
        </SessionProvider>
      </ThemeProvider>
    </QueryClientProvider>
  );
}

const queryClient = makeQueryClient();
const router = createBrowserRouter(routes);
