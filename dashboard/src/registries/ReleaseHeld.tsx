import { Alert, App, Modal } from 'antd';
import { strings } from '../strings';
import { useRelease, type FollowedService } from './queries';

const words = strings.registries.held;

interface ReleaseHeldProps {
  group: string;
  service: FollowedService;
  onClose: () => void;
}

/** Asks before what is held of a service goes: it says whom that touches. */
export function ReleaseHeld({ group, service, onClose }: ReleaseHeldProps) {
  const { message } = App.useApp();
  const release = useRelease(group);
  const { registry, service_name, held, followers } = service;
  return (
    <Modal
      open
      title={words.question(service_name)}
      okText={words.release}
      okButtonProps={{ danger: true }}
      cancelText={strings.common.cancel}
      confirmLoading={release.isPending}
      onCancel={onClose}
      onOk={() =>
        release.mutate(
          { registry, service_name },
          {
            onSuccess: ({ released_instances }) => {
              void message.success(words.done(released_instances));
              onClose();
            },
          },
        )
      }
    >
      <p>{words.does(held?.missing ?? 0, followers)}</p>
      {release.error && <Alert type="error" showIcon role="alert" title={release.error.message} />}
    </Modal>
  );
}
