import { LIVE_ROWS } from '../api/live';
import { strings } from '../strings';
import type { ObjectKind } from './kinds';
import { useAffected } from './queries';
import type { Scope } from './scope';
import { Users } from './Users';

/** Who uses an object, directly and by way of others, and what they get, live. */
export function UsedBy({ kind, scope, id }: { kind: Pick<ObjectKind, 'name' | 'words'>; scope: Scope; id: string }) {
  const { data, error } = useAffected(kind.name, scope, [id], LIVE_ROWS);
  const affected = data?.get(id);
  return (
    <section aria-labelledby="used-by" className="block">
      <h2 id="used-by">{strings.objects.usedBy}</h2>
      <div className="panel panel-padded used-by">
        {error ? (
          error.message
        ) : !affected ? (
          <span className="placeholder" />
        ) : affected.list.length === 0 ? (
          kind.words.usedByNobody
        ) : (
          <Users scope={scope} users={affected.list} label={strings.objects.usedBy} />
        )}
      </div>
    </section>
  );
}
