import { App } from 'antd';
import { useNavigate } from 'react-router';
import { Page } from '../components/Page';
import { upstreamPath, workspacePath } from '../paths';
import { strings } from '../strings';
import { createUpstream, useUpstreamChange } from './queries';
import { UpstreamEditor } from './UpstreamEditor';
import { useScope } from './useScope';
import { toUpstream, type UpstreamEntry } from './model';

const START: UpstreamEntry = { type: 'roundrobin', nodes: [{ host: '', port: 80, weight: 1 }] };

/** Makes an upstream. */
export function CreateUpstreamPage() {
  const scope = useScope();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const create = useUpstreamChange(scope, (entry: UpstreamEntry) => createUpstream(scope, toUpstream(entry)));

  return (
    <Page title={strings.upstreams.create}>
      <UpstreamEditor
        initial={START}
        isNew
        submitText={strings.common.create}
        busy={create.isPending}
        onSubmit={async (entry) => {
          const made = await create.mutateAsync(entry);
          void message.success(strings.common.created(made.name ?? String(made.id)));
          void navigate(upstreamPath(scope.group, scope.workspace, String(made.id)));
        }}
        onCancel={() => void navigate(workspacePath(scope.group, scope.workspace, 'upstreams'))}
      />
    </Page>
  );
}
