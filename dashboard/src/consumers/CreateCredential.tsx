import { App } from 'antd';
import { nameOf } from '../objects/kinds';
import { useObjectChange } from '../objects/queries';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import { CredentialDrawer } from './CredentialDrawer';
import { createCredential, type Credential } from './queries';

interface CreateCredentialProps {
  scope: Scope;
  consumer: string;
  /** Ids that there are. */
  taken: string[];
  onClose: () => void;
}

/** Gives a consumer a credential. */
export function CreateCredential({ scope, consumer, taken, onClose }: CreateCredentialProps) {
  const { message } = App.useApp();
  const create = useObjectChange(scope, (credential: Credential) => createCredential(scope, consumer, credential));
  return (
    <CredentialDrawer
      title={strings.credentials.addTo(consumer)}
      idFor={(plugin) => freeId(plugin, taken)}
      submitText={strings.common.create}
      busy={create.isPending}
      onSubmit={async (credential) => {
        await create.mutateAsync(credential);
        void message.success(strings.common.created(nameOf(credential)));
        onClose();
      }}
      onClose={onClose}
    />
  );
}

/** `key-auth-2`, when there is a `key-auth-1`. */
function freeId(plugin: string, taken: string[]): string {
  const numbers = Array.from({ length: taken.length + 1 }, (_, index) => index + 1);
  return `${plugin}-${numbers.find((number) => !taken.includes(`${plugin}-${number}`))!}`;
}
