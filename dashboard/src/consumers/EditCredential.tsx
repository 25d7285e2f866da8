import { App } from 'antd';
import type { Opened } from '../api/client';
import { nameOf } from '../objects/kinds';
import type { Scope } from '../objects/scope';
import { useReviewedEdit } from '../objects/useReviewedEdit';
import { strings } from '../strings';
import { CredentialDrawer } from './CredentialDrawer';
import { previewCredential, saveCredential, type Credential } from './queries';

interface EditCredentialProps {
  scope: Scope;
  consumer: string;
  opened: Opened<Credential>;
  onClose: () => void;
  /** What is stored is read anew, and edited in place of this. */
  onReload: () => void;
}

/** Changes a credential of a consumer: what differs is shown before it is saved. */
export function EditCredential({ scope, consumer, opened, onClose, onReload }: EditCredentialProps) {
  const { message } = App.useApp();
  const id = String(opened.value.id);
  const { look, isSaving, conflict, dialog } = useReviewedEdit<Credential>({
    scope,
    one: strings.credentials.one,
    ownRequests: strings.credentials.ownRequests(consumer),
    etag: opened.etag,
    preview: (write) => previewCredential(scope, consumer, id, write),
    save: (write) => saveCredential(scope, consumer, id, write),
    onSaved: (body) => {
      void message.success(strings.common.saved(nameOf({ ...body, id })));
      onClose();
    },
    onTakeTheirs: onReload,
  });
  return (
    <CredentialDrawer
      title={strings.common.editOf(nameOf(opened.value))}
      initial={opened.value}
      hint={strings.credentials.editHint}
      submitText={strings.objects.review}
      busy={isSaving}
      onSubmit={look}
      onClose={onClose}
    >
      {conflict}
      {dialog}
    </CredentialDrawer>
  );
}
