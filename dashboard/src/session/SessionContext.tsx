import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { answer, api, setCsrfToken, setSessionLostHandler, type Schemas } from '../api/client';
import { ApiError } from '../api/errors';

/** Who is logged in. */
export type Session = Schemas['session'];

/** What a person may do: each role may what those before it may. */
export type Role = Schemas['role']['role'];

/** All roles, from the least. */
export const ROLES: Role[] = ['viewer', 'editor', 'operator', 'owner'];
const QUERY = ['session'];

interface SessionState {
  session: Session | null | undefined;
  error: Error | null;
  retry: () => void;
  /** Takes over what a login or a change of password answered; null = nobody is logged in. */
  set: (session: Session | null) => void;
}

const SessionContext = createContext<SessionState | null>(null);

/** Asks the API who is there, and notices when it no longer knows. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const query = useQuery({ queryKey: QUERY, queryFn: fetchSession, staleTime: Infinity, retry: false });

  const state = useMemo<SessionState>(() => {
    const set = (session: Session | null) => {
      setCsrfToken(session?.csrf_token ?? '');
      // Nothing that one person saw is shown to the next.
      client.removeQueries({ predicate: (other) => other.queryKey[0] !== QUERY[0] });
      client.setQueryData(QUERY, session);
    };
    return { session: query.data, error: query.error, retry: () => void query.refetch(), set };
  }, [client, query]);

  useEffect(() => setSessionLostHandler(() => client.setQueryData(QUERY, null)), [client]);

  return <SessionContext.Provider value={state}>{children}</SessionContext.Provider>;
}

async function fetchSession(): Promise<Session | null> {
  try {
    const { value } = await answer(api.GET('/api/session'));
    setCsrfToken(value.csrf_token ?? '');
    return value;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** The session, whoever is logged in or not. */
export function useSessionState(): SessionState {
  const state = useContext(SessionContext);
  if (!state) throw new Error('no SessionProvider');
  return state;
}

/** Whether one may do what needs a role in a group, or in a workspace of it. The server decides; this only keeps back what it would refuse. */
export function useMay(role: Role, group?: string, workspace?: string): boolean {
  const { session } = useSessionState();
  return (session?.roles ?? []).some(
    (given) =>
      ROLES.indexOf(given.role) >= ROLES.indexOf(role) &&
      (given.gateway_group_id === undefined || given.gateway_group_id === group) &&
      (given.workspace_id === undefined || given.workspace_id === workspace),
  );
}
