import { Tabs } from 'antd';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { EmptyState } from '../components/EmptyState';
import { Page } from '../components/Page';
import { useScope, type Scope } from '../objects/scope';
import { strings } from '../strings';
import { fromSearch, toSearch } from './question';
import { QuestionForm } from './QuestionForm';
import { useExplanation } from './queries';
import { RecentDecisions } from './RecentDecisions';
import { Walk } from './Walk';

const RECENT = 'recent';
const SHOWN_MAX = 100;

/** What is done with requests, and why: of one that nobody has sent, and of the latest that came. */
export function ExplainPage() {
  const scope = useScope();
  const [search, setSearch] = useSearchParams();
  const words = strings.explain;
  return (
    <Page title={words.title} about={words.about}>
      <Tabs
        activeKey={search.get('tab') === RECENT ? RECENT : 'ask'}
        destroyOnHidden
        onChange={(tab) => setSearch(tab === RECENT ? { tab } : {})}
        items={[
          { key: 'ask', label: words.tabs.ask, children: <Ask scope={scope} /> },
          { key: RECENT, label: words.tabs.recent, children: <RecentDecisions scope={scope} limit={SHOWN_MAX} /> },
        ]}
      />
    </Page>
  );
}

function Ask({ scope }: { scope: Scope }) {
  const [search, setSearch] = useSearchParams();
  const address = search.toString();
  const question = useMemo(() => fromSearch(new URLSearchParams(address)), [address]);
  const { data, error, isFetching, refetch } = useExplanation(scope.group, question);
  const ask = (next: URLSearchParams) => (next.toString() === address ? void refetch() : setSearch(next));
  return (
    <>
      <QuestionForm group={scope.group} {...(question && { question })} error={error} busy={isFetching} onAsk={(asked) => ask(toSearch(asked))} />
      {data && !error && <Walk scope={scope} explanation={data} onChoose={(upstream) => question && ask(toSearch({ ...question, upstream }))} />}
      {!question && <EmptyState title={strings.explain.notAsked} hint={strings.explain.notAskedHint} />}
    </>
  );
}
