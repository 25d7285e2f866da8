import { Button } from 'antd';
import { useState } from 'react';
import { ErrorPanel } from '../components/ErrorPanel';
import { StateText } from '../components/StateText';
import { TimeText } from '../components/TimeText';
import { strings } from '../strings';
import { STATUS_TONES } from './model';
import { ROWS, useHealth } from './queries';

const words = strings.registries.history;

/** How a registry was: each change of its status, the latest first. */
export function HealthHistory({ group, id }: { group: string; id: string }) {
  const [page, setPage] = useState(1);
  const { data, error, refetch } = useHealth(group, id, page);
  const pages = Math.ceil((data?.total ?? 0) / ROWS);
  return (
    <section aria-labelledby="health" className="block">
      <h2 id="health">{words.title}</h2>
      <div className="panel panel-padded">
        {error && !data ? (
          <ErrorPanel error={error} retry={() => void refetch()} />
        ) : !data ? (
          <span className="placeholder" />
        ) : data.list.length === 0 ? (
          <span className="secondary">{words.empty}</span>
        ) : (
          <ol className="timeline" aria-label={words.strip}>
            {data.list.map(({ connect_time, hostname, status, status_reason }, index) => (
              <li key={`${connect_time} ${status} ${index}`}>
                <div className="timeline-head">
                  <StateText tone={STATUS_TONES[status]}>{strings.registries.status[status]}</StateText>
                  <span className="secondary">
                    <TimeText at={connect_time} />
                  </span>
                </div>
                {status_reason !== undefined && <div className="wrap">{status_reason}</div>}
                <div className="secondary numbers">{[new Date(connect_time * 1_000).toLocaleString(), words.seenBy(hostname)].join(' · ')}</div>
              </li>
            ))}
          </ol>
        )}
        {pages > 1 && (
          <div className="choices">
            <Button size="small" disabled={page <= 1} onClick={() => setPage(page - 1)}>
              {words.newer}
            </Button>
            <Button size="small" disabled={page >= pages} onClick={() => setPage(page + 1)}>
              {words.older}
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}
