import { KeyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useNavigate } from 'react-router';
import { RoleList } from '../access/RoleList';
import { Page } from '../components/Page';
import { passwordPath, profilePath } from '../paths';
import { useSessionState } from '../session/SessionContext';
import { strings } from '../strings';
import { ApiTokens } from './ApiTokens';

/** Who one is, what one may do and where, and the API tokens that act for one. */
export function ProfilePage() {
  const { session } = useSessionState();
  const navigate = useNavigate();
  return (
    <Page
      title={strings.profile.title}
      about={strings.profile.about(session?.username ?? '')}
      actions={
        <Button icon={<KeyOutlined />} onClick={() => void navigate(passwordPath(profilePath()))}>
          {strings.password.title}
        </Button>
      }
    >
      <section className="block" aria-labelledby="own-roles">
        <h2 id="own-roles">{strings.profile.roles}</h2>
        <div className="panel panel-padded">
          <RoleList roles={session?.roles ?? []} />
        </div>
      </section>
      <ApiTokens />
    </Page>
  );
}
