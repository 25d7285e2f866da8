import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { pluginList } from '../testing/plugins';
import { open, pick, refuse, type Play } from '../testing/render';
import { preview, tagged } from '../testing/upstream';

const CONSUMERS = '/gateway-groups/default/workspaces/default/consumers';
const jack = { username: 'jack', desc: 'The web shop', group_id: 'partners', plugins: { 'key-auth': { key: '<redacted>' }, 'limit-count': { count: 2, time_window: 60 } }, create_time: 1, update_time: 2 };
const noCredentials = () => refuse(404, { message: 'Key not found' });

const played: Play = {
  'GET /api/plugins': () => ({ list: pluginList, total: pluginList.length }),
  'GET /api/consumers': () => ({ list: [jack, { username: 'jill' }], total: 2 }),
  'GET /api/consumers/jack': () => tagged(jack),
  'GET /api/consumers/jack/credentials': () => ({ list: [{ id: 'basic-auth-1', name: 'old', plugins: { 'basic-auth': { username: 'j', password: '<redacted>' } } }], total: 1 }),
  'GET /api/consumers/jill/credentials': noCredentials,
  'GET /api/consumer_groups': () => ({ list: [{ id: 'partners', name: 'Partners', plugins: {} }], total: 1 }),
};

test('a consumer in the list tells by what it is found: its own plugins and its credentials', async () => {
  open(CONSUMERS, played);
  const row = (await screen.findByText('jack')).closest('tr')!;
  await within(row).findByText('key-auth, basic-auth');
  within(row).getByText('1 credential');
  within((await screen.findByText('jill')).closest('tr')!).getByText('nothing yet');
});

test('a consumer is made under its name, with its plugins; a name that is taken is told at the name', async () => {
  let taken = true;
  const { user, asked, address } = open(`${CONSUMERS}/+new`, {
    ...played,
    'PUT /api/consumers/jack': ({ body }) => (taken ? refuse(412, { error_msg: 'consumer [jack] exists already, its modifiedIndex is 2, and If-None-Match is *' }) : { value: body }),
  });
  await user.click(await screen.findByRole('button', { name: 'Create' }));
  await screen.findByText('A name is needed');
  await user.type(screen.getByLabelText('Name'), 'jack');
  await pick(user, 'Consumer group', 'Partners (partners)');
  await user.click(screen.getByRole('button', { name: /Add a plugin/ }));
  await user.click(await screen.findByRole('button', { name: /^key-auth/ }));
  const drawer = (await screen.findByRole('button', { name: 'Done' })).closest<HTMLElement>('[role=dialog]')!;
  await user.type(within(drawer).getByLabelText('key'), 'k');
  await user.click(within(drawer).getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.getByText('key ••••')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await screen.findByText(/exists already/, { selector: '.ant-form-item-explain-error' });
  taken = false;
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await waitFor(() => expect(address()).toBe(`${CONSUMERS}/jack`));
  const put = asked.filter(({ method }) => method === 'PUT').at(-1)!;
  expect(put.body).toEqual({ username: 'jack', group_id: 'partners', plugins: { 'key-auth': { key: 'k' } } });
  expect(put.headers.get('If-None-Match')).toBe('*');
});

test('a refusal of a plugin on the way to a preview stands at its card', async () => {
  const { user } = open(`${CONSUMERS}/jack/configure`, {
    ...played,
    'PUT /api/consumers/jack': () => refuse(400, { error_msg: 'failed to check the configuration of plugin limit-count err: property "count" validation failed: expected 2 to be odd' }),
  });
  await user.click(await screen.findByRole('button', { name: 'Review and save' }));
  const card = (await screen.findByText('count: expected 2 to be odd')).closest('li')!;
  within(card).getByText('limit-count');
});

test('a credential is made of a plugin and what it is found by; what is wrong stands at the field', async () => {
  const { user, asked } = open(`${CONSUMERS}/jack`, {
    ...played,
    'GET /api/consumers/jack/credentials': () => ({ list: [{ id: 'key-auth-1', plugins: { 'key-auth': { key: '<redacted>' } } }], total: 1 }),
    'PUT /api/consumers/jack/credentials/key-auth-2': ({ body }) =>
      JSON.stringify(body).includes('"k"') ? { value: body } : refuse(400, { error_msg: 'invalid plugins configuration: failed to check the configuration of plugin key-auth err: property "key" is required' }),
  });
  await screen.findByText('key ••••');
  await user.click(screen.getByRole('button', { name: /Add a credential/ }));
  const drawer = await screen.findByRole('dialog');
  await pick(user, 'Plugin', 'key-auth', drawer);
  expect(screen.queryByText('multi-auth', { selector: '.ant-select-item-option-content' })).toBeNull();
  await waitFor(() => expect(within(drawer).getByLabelText<HTMLInputElement>('ID').value).toBe('key-auth-2'));
  await user.type(within(drawer).getByLabelText('Name'), 'new');
  await user.click(within(drawer).getByRole('button', { name: 'Create' }));
  await within(drawer).findByText('property "key" is required');
  await user.type(within(drawer).getByLabelText('key'), 'k');
  await waitFor(() => expect(within(drawer).queryByText('property "key" is required')).toBeNull());
  await user.click(within(drawer).getByRole('button', { name: 'Create' }));
  await screen.findByText('new was created');
  expect(asked.filter(({ method }) => method === 'PUT').at(-1)!.body).toEqual({ name: 'new', plugins: { 'key-auth': { key: 'k' } } });
});

const till = { id: 'key-auth-1', name: 'old', desc: 'Of the till', labels: { shop: 'paris' }, plugins: { 'key-auth': { key: '<redacted>' } }, create_time: 1, update_time: 2 };
const CREDENTIAL = '/api/consumers/jack/credentials/key-auth-1';
const edited = { ...preview, kind: 'credentials', id: 'key-auth-1', would: 'update', difference: [{ path: 'plugins.key-auth.key', secret: true }], affected: { ...preview.affected, list: [] } };

/** Opens the drawer of the credential that jack has. */
async function edit(play: Play) {
  const opened = open(`${CONSUMERS}/jack`, { ...played, 'GET /api/consumers/jack/credentials': () => ({ list: [till], total: 1 }), [`GET ${CREDENTIAL}`]: () => tagged(till), ...play });
  await opened.user.click(await screen.findByRole('button', { name: 'Edit old' }));
  const drawer = await screen.findByRole('dialog');
  await within(drawer).findByLabelText('key');
  const retype = async (label: string, text: string) => {
    await opened.user.clear(within(drawer).getByLabelText(label));
    await opened.user.type(within(drawer).getByLabelText(label), text);
  };
  const review = async () => {
    await opened.user.click(within(drawer).getByRole('button', { name: 'Review and save' }));
    return (await screen.findByText('Before you save')).closest<HTMLElement>('[role=dialog]')!;
  };
  return { ...opened, drawer, retype, review };
}

test('a credential is edited as it was opened: its secret is not shown, and stays while nothing is typed', async () => {
  const { user, asked, drawer, retype, review } = await edit({ [`PUT ${CREDENTIAL}`]: ({ query, body }) => (query.has('dry-run') ? edited : { value: body }) });
  expect(within(drawer).getByLabelText<HTMLInputElement>('Plugin').disabled).toBe(true);
  expect(within(drawer).queryByLabelText('ID')).toBeNull();
  expect(within(drawer).getByLabelText<HTMLInputElement>('key').value).toBe('');
  expect(within(drawer).getByLabelText<HTMLInputElement>('Value of label 1').value).toBe('paris');
  await retype('Description', 'Of the new till');
  const dialog = await review();
  await user.type(within(dialog).getByLabelText(/Why/), 'moved');
  await user.click(within(dialog).getByRole('button', { name: 'Save' }));
  await screen.findByText('old was saved');
  const saved = asked.filter(({ method }) => method === 'PUT');
  expect(saved.map(({ query }) => query.get('dry-run'))).toEqual(['true', null]);
  expect(saved.map(({ headers }) => headers.get('If-Match'))).toEqual(['"7"', '"7"']);
  expect(saved[1]!.headers.get('X-Headgate-Message')).toBe('moved');
  expect(saved[1]!.body).toEqual({ name: 'old', desc: 'Of the new till', labels: { shop: 'paris' }, plugins: { 'key-auth': { key: '<redacted>' } } });
});

test('a secret that is typed takes the place of the stored one; what is wrong stands at its field', async () => {
  const { user, asked, drawer, retype, review } = await edit({
    [`PUT ${CREDENTIAL}`]: ({ query, body }) =>
      JSON.stringify(body).includes('"p"') ? refuse(400, { error_msg: 'invalid plugins configuration: failed to check the configuration of plugin key-auth err: property "key" validation failed: too short' }) : query.has('dry-run') ? edited : { value: body },
  });
  await user.type(within(drawer).getByLabelText('key'), 'p');
  await user.click(within(drawer).getByRole('button', { name: 'Review and save' }));
  await within(drawer).findByText('too short');
  await retype('key', 'secret');
  const dialog = await review();
  within(dialog).getAllByText('a secret, not shown');
  within(dialog).getByText('Requests of jack that come with it.');
  await user.click(within(dialog).getByRole('button', { name: 'Save' }));
  await screen.findByText('old was saved');
  expect(asked.filter(({ method }) => method === 'PUT').at(-1)!.body).toMatchObject({ plugins: { 'key-auth': { key: 'secret' } } });
});

test('an edit of a credential that somebody else overtook shows theirs: one takes it, or goes on against it', async () => {
  let now = till;
  const theirs = { ...till, desc: 'Of the other till' };
  const { user, asked, drawer, retype, review } = await edit({
    [`GET ${CREDENTIAL}`]: () => tagged(now, now === till ? '"7"' : '"9"'),
    [`PUT ${CREDENTIAL}`]: ({ headers }) =>
      headers.get('If-Match') === '"9"' ? edited : refuse(412, { error_msg: 'was changed', modifiedIndex: 9, changes: [{ who: 'eve' }], difference: [{ path: 'desc', before: till.desc, after: theirs.desc }] }),
  });
  now = theirs;
  await retype('Description', 'Mine');
  await user.click(within(drawer).getByRole('button', { name: 'Review and save' }));
  await within(drawer).findByText('eve changed this credential while you were editing');
  within(drawer).getByText('Of the other till');
  await user.click(within(drawer).getByRole('button', { name: /^Keep mine/ }));
  await user.click(within(await review()).getByRole('button', { name: 'Back to editing' }));
  expect(asked.filter(({ method }) => method === 'PUT').map(({ headers }) => headers.get('If-Match'))).toEqual(['"7"', '"9"']);
});

test('who takes what somebody else wrote goes on editing that', async () => {
  let now = till;
  const theirs = { ...till, desc: 'Of the other till' };
  const { user, drawer } = await edit({
    [`GET ${CREDENTIAL}`]: () => tagged(now, now === till ? '"7"' : '"9"'),
    [`PUT ${CREDENTIAL}`]: () => refuse(412, { error_msg: 'was changed', modifiedIndex: 9, changes: [{ who: 'eve' }], difference: [] }),
  });
  now = theirs;
  await user.click(within(drawer).getByRole('button', { name: 'Review and save' }));
  await user.click(await within(drawer).findByRole('button', { name: /^Discard mine/ }));
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Description').value).toBe('Of the other till'));
});
