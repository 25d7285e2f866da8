import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
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
import { ConfigurePage } from './objects/ConfigurePage';
import { CreatePage } from './objects/CreatePage';
import { HistoryPage } from './objects/HistoryPage';
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
              { path: 'gateway-groups/:group/audit', element: <GroupAuditPage /> },
              { path: 'gateway-groups/:group/workspaces', element: <WorkspacesPage /> },
              { path: 'gateway-groups/:group/workspaces/:workspace', element: <Navigate to="upstreams" replace /> },
              {
                path: 'gateway-groups/:group/workspaces/:workspace/upstreams',
                children: [
                  { index: true, element: <UpstreamsPage /> },
                  { path: '+new', element: <CreatePage kind={upstreamKind} children={<UpstreamSections isNew />} /> },
                  { path: ':id', element: <UpstreamPage /> },
                  { path: ':id/configure', element: <ConfigurePage kind={upstreamKind} children={<UpstreamSections />} /> },
                  { path: ':id/history', element: <HistoryPage kind={upstreamKind} /> },
                ],
              },
<<<<<<< HEAD
              { path: 'gateway-groups/:group/workspaces/:workspace/explain', element: <ExplainPage /> },
              {
                path: 'gateway-groups/:group/workspaces/:workspace/consumers',
                children: [
                  { index: true, element: <ConsumersPage /> },
                  { path: '+new', element: <CreatePage kind={consumerKind} children={<ConsumerSections isNew />} /> },
                  { path: ':id', element: <ConsumerPage /> },
                  { path: ':id/configure', element: <ConfigurePage kind={consumerKind} children={<ConsumerSections />} /> },
                  { path: ':id/history', element: <HistoryPage kind={consumerKind} /> },
=======
              {
                path: 'gateway-groups/:group/workspaces/:workspace/routes',
                children: [
                  { index: true, element: <RoutesPage /> },
                  { path: '+new', element: <CreatePage kind={routeKind} children={<RouteSections isNew />} /> },
                  { path: ':id', element: <RoutePage /> },
                  { path: ':id/configure', element: <ConfigurePage kind={routeKind} children={<RouteSections />} /> },
                  { path: ':id/history', element: <HistoryPage kind={routeKind} /> },
                ],
              },
              {
                path: 'gateway-groups/:group/workspaces/:workspace/services',
                children: [
                  { index: true, element: <ServicesPage /> },
                  { path: '+new', element: <CreatePage kind={serviceKind} children={<ServiceSections isNew />} /> },
                  { path: ':id', element: <ServicePage /> },
                  { path: ':id/configure', element: <ConfigurePage kind={serviceKind} children={<ServiceSections />} /> },
                  { path: ':id/history', element: <HistoryPage kind={serviceKind} /> },
>>>>>>> 3cc1cbe (Dashboard: pages of routes and services, with an upstream picked or created on the way)
                ],
              },
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

/** What reads from the API and keeps what it read. */
export const makeQueryClient = () => new QueryClient({ defaultOptions: { queries: { retry: mayPass, staleTime: 1_000 } } });

/** The dashboard. */
export function App() {
  return (
    <ThemeProvider>
      <QueryClientProvider client={queryClient}>
        <SessionProvider>
          <RouterProvider router={router} />
        </SessionProvider>
      </QueryClientProvider>
    </ThemeProvider>
  );
}

const queryClient = makeQueryClient();
const router = createBrowserRouter(routes);
