import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { vi } from 'vitest';
import { makeQueryClient, routes } from '../App';
import { SessionProvider } from '../session/SessionContext';
import { ThemeProvider } from '../theme/ThemeContext';

/** What the played API was asked. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
}

/** Answers a request: a body with status 200, or a `Response`. */
export type Play = Record<string, (asked: Asked) => unknown>;

/** An answer that is not 200. */
export const refuse = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

/** What a login answers for someone who may do everything. */
export const owner = { username: 'admin', must_change_password: false, roles: [{ role: 'owner' }], csrf_token: 'csrf' };

/** The parts of the API that every page asks. */
const everywhere: Play = {
  'GET /api/session': () => ({ value: owner }),
  'GET /api/gateway_groups': () => ({ list: [{ id: 'default', name: 'default' }], total: 1 }),
  'GET /api/gateway_groups/default/workspaces': () => ({ list: [{ id: 'default', name: 'default' }], total: 1 }),
};

/** The dashboard at an address, with an API that is played: `play` says by method and path what is answered; all else is 404. */
export function open(address: string, play: Play) {
  const all = { ...everywhere, ...play };
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const url = new URL(request.url);
    const text = await request.clone().text();
    const one: Asked = { method: request.method, path: decodeURIComponent(url.pathname), query: url.searchParams, body: text === '' ? undefined : JSON.parse(text), headers: request.headers };
    asked.push(one);
    const answer = all[`${one.method} ${one.path}`]?.(one) ?? refuse(404, { error_msg: `nothing plays ${one.method} ${one.path}` });
    return answer instanceof Response ? answer : new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } });
  });
  const router = createMemoryRouter(routes, { initialEntries: [address] });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <ThemeProvider>
        <SessionProvider>
          <RouterProvider router={router} />
        </SessionProvider>
      </ThemeProvider>
    </QueryClientProvider>,
  );
  return { user: userEvent.setup({ delay: null, pointerEventsCheck: 0 }), asked, address: () => router.state.location.pathname + router.state.location.search };
}

/** Chooses an option of a field of Ant Design's, which is no `select` of the browser's. */
export async function pick(user: UserEvent, label: string, option: string, inside: HTMLElement = document.body) {
  await user.click(within(inside).getByLabelText(label));
  const options = await screen.findAllByText(option, { selector: '.ant-select-item-option-content, .ant-select-item-option-content *' });
  await user.click(options.at(-1)!);
}
