import type { Schemas } from '../api/client';
import { strings } from '../strings';

/** What differs, member by member: before and after. */
export function DifferenceList({ differences }: { differences: Schemas['difference'][] }) {
  return (
    <div className="difference" tabIndex={0} role="region" aria-label={strings.difference.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{strings.difference.member}</th>
            <th scope="col">{strings.difference.before}</th>
            <th scope="col">{strings.difference.after}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((difference) => (
            <tr key={difference.path}>
              <th scope="row">{difference.path === '' ? strings.difference.whole : difference.path}</th>
              <td>{difference.secret ? strings.difference.secret : <Value value={difference.before} kind="before" />}</td>
              <td>{difference.secret ? strings.difference.secret : <Value value={difference.after} kind="after" />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ value, kind }: { value: unknown; kind: 'before' | 'after' }) {
  if (value === undefined) return <span className="secondary">{strings.difference.absent}</span>;
  return <code className={kind}>{typeof value === 'string' ? value : JSON.stringify(value)}</code>;
}
