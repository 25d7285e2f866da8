import { createContext, useCallback, useContext, useState } from 'react';

/** Told by a field, by its id, whether what is written there cannot be read. */
export type ReportFault = (id: string, faulty: boolean) => void;

/** Where fields of a form report. */
export const FaultsContext = createContext<ReportFault>(() => {});

/** How a field says that what is written in it cannot be read: the form is then not to be taken. */
export const useFaults = () => useContext(FaultsContext);

/** What a form knows of its fields: whether something in one of them cannot be read. */
export function useFaultyFields(): { report: ReportFault; isFaulty: boolean } {
  const [faulty, setFaulty] = useState<ReadonlySet<string>>(new Set());
  const report = useCallback((id: string, isFaulty: boolean) => {
    setFaulty((now) => {
      if (now.has(id) === isFaulty) return now;
      const next = new Set(now);
      if (isFaulty) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  return { report, isFaulty: faulty.size > 0 };
}
