import { Link } from 'react-router';
import { strings } from '../strings';

/** The mark and the name, which lead home. */
export function Brand() {
  return (
    <Link to="/" className="brand" aria-label={strings.brand.home}>
      <img src="/headgate.svg" alt="" width={28} height={28} />
      <span>{strings.brand.name}</span>
    </Link>
  );
}
