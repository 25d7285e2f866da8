import { BulbOutlined, IdcardOutlined, KeyOutlined, LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useLocation, useNavigate } from 'react-router';
import { answer, api } from '../api/client';
import { passwordPath, profilePath } from '../paths';
import { useSessionState } from '../session/SessionContext';
import { strings } from '../strings';
import { useTheme, type ThemeChoice } from '../theme/ThemeContext';

/** Who one is, the colours, profile and password, the way out. */
export function UserMenu() {
  const { session } = useSessionState();
  const { choice, choose } = useTheme();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const location = useLocation();

  const logOut = async () => {
    try {
      await answer(api.DELETE('/api/session'));
      // Loaded anew, the page has nothing left of who was here.
      window.location.assign('/login');
    } catch (error) {
      void message.error((error as Error).message);
    }
  };

  const onClick = ({ key }: { key: string }) => {
    if (key === 'password') void navigate(passwordPath(location.pathname + location.search));
    else if (key === 'profile') void navigate(profilePath());
    else if (key === 'logout') void logOut();
    else choose(key as ThemeChoice);
  };

  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectedKeys: [choice],
        onClick,
        items: [
          { type: 'group', label: strings.user.colours, children: (['system', 'light', 'dark'] as const).map((key) => ({ key, label: strings.user.theme[key], icon: <BulbOutlined /> })) },
          { type: 'divider' },
          { key: 'profile', label: strings.user.profile, icon: <IdcardOutlined /> },
          { key: 'password', label: strings.user.password, icon: <KeyOutlined /> },
          { key: 'logout', label: strings.user.logOut, icon: <LogoutOutlined /> },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={strings.user.menu(session?.username ?? '')}>
        <span className="user-name">{session?.username}</span>
      </Button>
    </Dropdown>
  );
}
