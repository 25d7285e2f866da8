import { strings } from '../strings';
import type { ObjectKind } from './kinds';
import { useDeletePreview } from './queries';
import type { Scope } from './scope';
import { Users } from './Users';

/** Who uses an object, and what they get. */
export function UsedBy({ kind, scope, id }: { kind: Pick<ObjectKind, 'name' | 'words'>; scope: Scope; id: string }) {
  const { data, error } = useDeletePreview(kind.name, scope, id);
  return (
    <section aria-labelledby="used-by" className="block">
      <h2 id="used-by">{strings.objects.usedBy}</h2>
      <div className="panel panel-padded used-by">
        {error ? error.message : !data ? <span className="placeholder" /> : data.affected.list.length === 0 ? kind.words.usedByNobody : <Users scope={scope} users={data.affected.list} />}
      </div>
    </section>
  );
}
