import { Layout } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { strings } from '../strings';
import { Brand } from './Brand';
import { Navigation } from './Navigation';
import { PathBar } from './PathBar';
import { UserMenu } from './UserMenu';

/** What every page of a person who is logged in has around it. */
export function Shell() {
  const [narrow, setNarrow] = useState(false);
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);

  // A new page begins at its top, for the eye and for screen readers; the first one keeps the browser's focus.
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname]);

  return (
    <Layout className="shell">
      <a className="skip-link" href="#main">
        {strings.shell.skip}
      </a>
      <Layout.Header className="shell-header">
        <Brand />
        <PathBar />
        <UserMenu />
      </Layout.Header>
      <Layout>
        <Layout.Sider className="shell-sider" width={216} collapsedWidth={64} breakpoint="lg" collapsed={narrow} onBreakpoint={setNarrow} trigger={null}>
          <Navigation narrow={narrow} />
        </Layout.Sider>
        <Layout.Content>
          <main id="main" ref={main} tabIndex={-1} className="shell-main">
            <Outlet />
          </main>
        </Layout.Content>
      </Layout>
    </Layout>
  );
}
