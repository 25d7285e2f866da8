import { holds } from '../fits';
import { AlternativesControl } from './AlternativesControl';
import { ChoiceControl } from './ChoiceControl';
import { type ControlProps } from './control';
import { GroupControl } from './GroupControl';
import { JsonControl } from './JsonControl';
import { ListControl } from './ListControl';
import { MapControl } from './MapControl';
import { NumberControl } from './NumberControl';
import { SwitchControl } from './SwitchControl';
import { TagsControl } from './TagsControl';
import { TextControl } from './TextControl';
import { useState } from 'react';

/** The control of a field, by its kind. A value that the field cannot show is edited as JSON. */
export function AnyControl(props: ControlProps) {
  // What is typed may stop fitting for a moment; only what was there at first decides.
  const [shown] = useState(() => holds(props.field, props.value));
  const { field } = props;
  if (!shown) return <JsonControl {...props} />;
  switch (field.kind) {
    case 'text':
      return <TextControl {...props} field={field} />;
    case 'number':
      return <NumberControl {...props} field={field} />;
    case 'switch':
      return <SwitchControl {...props} field={field} />;
    case 'choice':
      return <ChoiceControl {...props} field={field} />;
    case 'tags':
      return <TagsControl {...props} field={field} />;
    case 'list':
      return <ListControl {...props} field={field} />;
    case 'map':
      return <MapControl {...props} field={field} />;
    case 'group':
      return <GroupControl {...props} field={field} />;
    case 'alternatives':
      return <AlternativesControl {...props} field={field} />;
    case 'json':
      return <JsonControl {...props} />;
  }
}
