import { useEffect, useState } from 'react';
import { strings } from '../strings';

/** How long ago something was, with the moment itself as its title. `at`: seconds of Unix time, or a text of ISO 8601. */
export function TimeText({ at }: { at: number | string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const moment = new Date(typeof at === 'number' ? at * 1_000 : at);
  return (
    <time dateTime={moment.toISOString()} title={moment.toLocaleString()} className="numbers">
      {strings.ago(Math.max(0, Math.round((now - moment.getTime()) / 1_000)))}
    </time>
  );
}
