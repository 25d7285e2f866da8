import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Form, type FormInstance } from 'antd';
import { createRef } from 'react';
import { expect, test } from 'vitest';
import { makeQueryClient } from '../App';
import { pluginList } from '../testing/plugins';
import { pick } from '../testing/render';
import type { Plugins } from './model';
import { PluginsSection } from './PluginsSection';
import type { PluginScope } from './queries';

/** A form with the section alone, and what is in it. */
function show(scope: PluginScope, plugins?: Plugins) {
  const client = makeQueryClient();
  client.setQueryData(['plugins'], { list: pluginList, total: pluginList.length });
  const form = createRef<FormInstance<{ plugins?: Plugins }>>();
  render(
    <QueryClientProvider client={client}>
      <Form ref={form} initialValues={{ plugins }}>
        <PluginsSection scope={scope} />
      </Form>
    </QueryClientProvider>,
  );
  const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
  return {
    user,
    form: () => form.current!,
    written: () => form.current!.getFieldsValue(true).plugins,
    /** Opens the form of a plugin that is there. */
    edit: async (name: string) => {
      await user.click(screen.getByRole('button', { name: `Edit ${name}` }));
      return await screen.findByRole('dialog');
    },
    /** Takes what is in the drawer. */
    done: async () => {
      await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Done' }));
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    },
  };
}

test('a plugin is found by what it does, added, and only what was filled is written', async () => {
  const { user, written, done } = show('route');
  await user.click(screen.getByRole('button', { name: /Add a plugin/ }));
  await user.type(await screen.findByLabelText('Search by name or by what it does'), 'window of time');
  expect(screen.queryByRole('button', { name: /^proxy-rewrite/ })).toBeNull();
  await user.click(screen.getByRole('button', { name: /^limit-count/ }));
  await user.type(await screen.findByLabelText('count'), '2');
  await user.type(screen.getByLabelText('time_window'), '60');
  expect(screen.getByLabelText<HTMLInputElement>('key').placeholder).toBe('remote_addr');
  await pick(user, 'policy', 'redis');
  await user.type(screen.getByLabelText('redis_password'), 's3');
  expect(screen.getByLabelText<HTMLInputElement>('redis_password').type).toBe('password');
  await done();
  expect(written()).toEqual({ 'limit-count': { count: 2, time_window: 60, policy: 'redis', redis_password: 's3' } });
});

test('cards stand in the order in which they run, and can be turned off and removed', async () => {
  const { user, written } = show('route', { 'limit-count': { count: 2, time_window: 60 }, 'proxy-rewrite': { uri: '/a', _meta: { priority: 1 } }, 'ip-restriction': { whitelist: ['10.0.0.0/8'] }, gone: {} });
  const cards = screen.getAllByRole('listitem');
  expect(cards.map((card) => card.querySelector('strong')!.textContent)).toEqual(['ip-restriction', 'limit-count', 'proxy-rewrite', 'gone']);
  within(cards[1]!).getByText('count 2, time_window 60');
  within(cards[3]!).getByText('This gateway does not have it.');
  await user.click(screen.getByRole('switch', { name: 'limit-count runs' }));
  await user.click(screen.getByRole('button', { name: 'Remove gone' }));
  expect(written()).toEqual({ 'limit-count': { count: 2, time_window: 60, _meta: { disable: true } }, 'proxy-rewrite': { uri: '/a', _meta: { priority: 1 } }, 'ip-restriction': { whitelist: ['10.0.0.0/8'] } });
  await user.click(screen.getByRole('switch', { name: 'limit-count runs' }));
  expect(written()!['limit-count']).toEqual({ count: 2, time_window: 60 });
});

test('what the form has no field for, or no fitting one, goes through it', async () => {
  const config = { count: '$env://N', time_window: 60, stranger: { a: [1] }, redis_password: '<redacted>', _meta: { filter: [['arg_a', '==', '1']] } };
  const { user, written, edit, done } = show('route', { 'limit-count': config });
  const drawer = await edit('limit-count');
  expect(within(drawer).getByLabelText<HTMLTextAreaElement>('count').value).toBe('"$env://N"');
  expect(within(drawer).getByLabelText<HTMLInputElement>('redis_password').value).toBe('');
  await user.clear(within(drawer).getByLabelText('time_window'));
  await user.type(within(drawer).getByLabelText('time_window'), '30');
  await done();
  expect(written()).toEqual({ 'limit-count': { ...config, time_window: 30 } });
});

test('JSON that cannot be read is not taken', async () => {
  const { user, written, edit, done } = show('route', { 'multi-auth': { auth_plugins: [] } });
  const drawer = await edit('multi-auth');
  const json = within(drawer).getByLabelText('auth_plugins');
  await user.clear(json);
  await user.click(json);
  await user.paste('[{');
  await within(drawer).findByText(/This is not JSON/);
  expect(within(drawer).getByRole<HTMLButtonElement>('button', { name: 'Done' }).disabled).toBe(true);
  await user.click(within(drawer).getByRole('radio', { name: 'JSON' }));
  const whole = await within(drawer).findByLabelText('multi-auth as JSON');
  await user.clear(whole);
  await user.click(whole);
  await user.paste('{"auth_plugins": [{"key-auth": {}}]}');
  await done();
  expect(written()).toEqual({ 'multi-auth': { auth_plugins: [{ 'key-auth': {} }] } });
});

test('of members that shut each other out one is chosen, and the other goes', async () => {
  const { user, written, edit, done } = show('route', { 'ip-restriction': { whitelist: ['10.0.0.1'], message: 'no' } });
  const drawer = await edit('ip-restriction');
  expect(within(drawer).queryByRole('combobox', { name: 'blacklist' })).toBeNull();
  await user.click(within(drawer).getByRole('radio', { name: 'blacklist' }));
  expect(within(drawer).queryByRole('combobox', { name: 'whitelist' })).toBeNull();
  await user.type(within(drawer).getByRole('combobox', { name: 'blacklist' }), '10.0.0.2{enter}');
  await done();
  expect(written()).toEqual({ 'ip-restriction': { message: 'no', blacklist: ['10.0.0.2'] } });
});

test('one of several shapes is found by what is written, and names and values are rows', async () => {
  const { user, written, edit, done } = show('route', { 'proxy-rewrite': { headers: { 'X-A': 1, 'X-B': 'b' } } });
  const drawer = await edit('proxy-rewrite');
  expect(within(drawer).getByLabelText<HTMLInputElement>('Value 1 of headers').value).toBe('1');
  await user.clear(within(drawer).getByLabelText('Name 2 of headers'));
  await user.type(within(drawer).getByLabelText('Name 2 of headers'), 'X-C');
  await user.click(within(drawer).getByRole('button', { name: /Add to headers/ }));
  await done();
  expect(written()).toEqual({ 'proxy-rewrite': { headers: { 'X-A': 1, 'X-C': 'b' } } });
});

test('objects of a list are boxes, each with its own fields', async () => {
  const { user, written, edit, done } = show('route', { 'traffic-label': { rules: [{ weight: 1, match: [['a']] }, { weight: 2 }] } });
  const drawer = await edit('traffic-label');
  await user.click(within(drawer).getByRole('button', { name: 'Remove rules 1' }));
  const first = within(drawer).getByRole('group', { name: 'rules 1' });
  expect(within(first).getByLabelText<HTMLInputElement>('weight').value).toBe('2');
  await user.click(within(drawer).getByRole('button', { name: /Add to rules/ }));
  await user.type(within(within(drawer).getByRole('group', { name: 'rules 2' })).getByLabelText('weight'), '3');
  await done();
  expect(written()).toEqual({ 'traffic-label': { rules: [{ weight: 2 }, { weight: 3 }] } });
});

test('what the server refused stands at the card, at the field, and goes with an edit', async () => {
  const { user, form, edit, done } = show('route', { 'limit-count': { count: 2, time_window: 60 } });
  form().setFields([{ name: 'plugins', errors: ['limit-count.count: expected 2 to be odd', 'limit-count: too many'] }]);
  const card = (await screen.findByText('count: expected 2 to be odd')).closest('li')!;
  within(card).getByText('too many');
  const drawer = await edit('limit-count');
  await within(drawer).findByText('expected 2 to be odd');
  within(drawer).getByText('too many');
  await user.clear(within(drawer).getByLabelText('count'));
  await user.type(within(drawer).getByLabelText('count'), '3');
  await waitFor(() => expect(within(drawer).queryByText(/expected 2 to be odd|too many/)).toBeNull());
  await done();
  await waitFor(() => expect(screen.queryByText(/expected 2 to be odd/)).toBeNull());
});

test('a switch shows what acts, and writes only what differs from it', async () => {
  const { user, written, edit, done } = show('route', { 'key-auth': { hide_credentials: true } });
  const hide = within(await edit('key-auth')).getByRole('switch', { name: 'hide_credentials' });
  expect(hide.getAttribute('aria-checked')).toBe('true');
  await user.click(hide);
  expect(hide.getAttribute('aria-checked')).toBe('false');
  await done();
  expect(written()).toEqual({ 'key-auth': {} });
});

test('a consumer carries for key-auth what it is found by, and is not offered what nothing is found by', async () => {
  const { user, written, done } = show('consumer');
  await user.click(screen.getByRole('button', { name: /Add a plugin/ }));
  await screen.findByRole('button', { name: /^limit-count/ });
  expect(screen.queryByRole('button', { name: /^multi-auth/ })).toBeNull();
  await user.click(screen.getByRole('button', { name: /^key-auth/ }));
  expect((await screen.findByLabelText<HTMLInputElement>('key')).type).toBe('password');
  await user.type(screen.getByLabelText('key'), 'k');
  await done();
  expect(written()).toEqual({ 'key-auth': { key: 'k' } });
});
