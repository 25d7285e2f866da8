import { Form, Switch } from 'antd';
import { GeneralSection } from '../objects/GeneralSection';
import { PluginsSection } from '../plugins/PluginsSection';
import { strings } from '../strings';
import { TargetSection } from '../targets/TargetSection';
import { TimeoutSection } from '../targets/TimeoutSection';
import { MatchSection } from './sections/MatchSection';

/** The sections of a route's form. */
export function RouteSections({ isNew = false }: { isNew?: boolean }) {
  return (
    <>
      <GeneralSection isNew={isNew}>
        <Form.Item
          name="status"
          label={strings.routes.enabled}
          extra={strings.routes.enabledHint}
          getValueProps={(status?: number) => ({ checked: status !== 0 })}
          getValueFromEvent={(on: boolean) => (on ? 1 : 0)}
        >
          <Switch />
        </Form.Item>
      </GeneralSection>
      <MatchSection />
      <TargetSection of="route" />
      <TimeoutSection />
      <PluginsSection scope="route" />
    </>
  );
}
