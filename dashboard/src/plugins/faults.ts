import { createContext, useContext } from 'react';

/** Told by a field, by its id, whether what is written there cannot be read. */
export type ReportFault = (id: string, faulty: boolean) => void;

/** Where fields of a form report. */
export const FaultsContext = createContext<ReportFault>(() => {});

/** How a field says that what is written in it cannot be read: the form is then not to be taken. */
export const useFaults = () => useContext(FaultsContext);
