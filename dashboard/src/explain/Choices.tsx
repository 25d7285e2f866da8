import { Button, Table, type TableColumnsType } from 'antd';
import type { Schemas } from '../api/client';
import { actionsColumn } from '../components/rowActions';
import { ObjectLink } from '../objects/Users';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import type { Explanation } from './queries';

type Choice = Schemas['upstream_choice'];

interface ChoicesProps {
  scope: Scope;
  explanation: Explanation;
  onChoose: (upstream: string) => void;
}

/** Which plugin chooses the upstream, by which of its rules, and what from. */
export function Choices({ scope, explanation: { upstream_chosen_by, upstream_rule, upstream_choices, upstream }, onChoose }: ChoicesProps) {
  const words = strings.explain;
  const total = (upstream_choices ?? []).reduce((sum, { weight }) => sum + weight, 0);
  const several = (upstream_choices?.length ?? 0) > 1;
  const columns: TableColumnsType<Choice> = [
    { title: words.choice.upstream, key: 'key', className: 'wrap', render: (_, choice) => <Target scope={scope} choice={choice} /> },
    { title: words.choice.weight, dataIndex: 'weight', width: 100, align: 'right', className: 'numbers' },
    { title: words.choice.share, key: 'share', width: 100, align: 'right', className: 'numbers', render: (_, { weight }) => strings.share(weight / total) },
    actionsColumn({
      width: 170,
      hidden: !several,
      render: ({ key }) =>
        key === null ? null : key === upstream?.key ? (
          <span className="secondary">{words.choice.explained}</span>
        ) : (
          <Button size="small" aria-label={words.choice.explainOf(key)} onClick={() => onChoose(key)}>
            {words.choice.explain}
          </Button>
        ),
    }),
  ];
  return (
    <>
      <p>{words.chosenBy(upstream_chosen_by ?? '')}</p>
      {upstream_choices === undefined ? (
        <p>{words.rulesUnknown}</p>
      ) : (
        <>
          <p>{upstream_rule === undefined ? words.noRule : words.rule(upstream_rule + 1)}</p>
          {upstream_rule !== undefined && <Table rowKey={({ key, own }) => `${key} ${own}`} size="small" columns={columns} dataSource={upstream_choices} pagination={false} className="panel" />}
          <p className="secondary">{words.ruleHint}</p>
        </>
      )}
    </>
  );
}

function Target({ scope, choice: { key, own } }: { scope: Scope; choice: Choice }) {
  return (
    <>
      {key === null ? strings.explain.choice.none : <ObjectLink scope={scope} objectKey={key} />}
      {own && <span className="secondary"> {strings.explain.choice.own}</span>}
    </>
  );
}
