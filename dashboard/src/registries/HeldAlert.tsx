import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import type { FollowedService } from './queries';
import { ReleaseHeld } from './ReleaseHeld';

const words = strings.registries.held;

/** That instances of a service stay in use although the registry no longer tells of them, until when, and the way to let them go. */
export function HeldAlert({ group, service }: { group: string; service: FollowedService }) {
  const mayRelease = useMay('operator', group, '');
  const [asked, setAsked] = useState<FollowedService>();
  const { held, service_name } = service;
  return (
    <>
      {held && (
        <Alert
          type="warning"
          showIcon
          className="form-alert"
          title={words.title(held.missing)}
          description={
            <>
              {words.why} <span className="numbers">{new Date(held.until * 1_000).toLocaleTimeString()}</span>.
            </>
          }
          action={
            mayRelease && (
              <Button size="small" aria-label={words.releaseOf(service_name)} onClick={() => setAsked(service)}>
                {words.release}
              </Button>
            )
          }
        />
      )}
      {asked && <ReleaseHeld group={group} service={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}
