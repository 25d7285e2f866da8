import { Select } from 'antd';
import { Search } from '../components/Search';
import { strings } from '../strings';
import type { NodeChoice } from './queries';

/** From so many nodes on they are searched rather than looked through. */
export const SEARCHED_FROM = 20;

const STATES = Object.entries(strings.nodes.states).map(([value, label]) => ({ value, label }));

/** Looks for some of many nodes, by address and by state; the server searches. */
export function NodeSearch({ choice, onChoose }: { choice: NodeChoice; onChoose: (choice: NodeChoice) => void }) {
  return (
    <div className="list-filters">
      <Search label={strings.nodes.search} value={choice.search ?? ''} onSearch={(search) => onChoose({ ...choice, search: search || undefined, page: 1 })} />
      <Select aria-label={strings.nodes.stateTitle} value={choice.state ?? ''} options={[{ value: '', label: strings.nodes.anyState }, ...STATES]} onChange={(state) => onChoose({ ...choice, state: (state || undefined) as NodeChoice['state'], page: 1 })} />
    </div>
  );
}
