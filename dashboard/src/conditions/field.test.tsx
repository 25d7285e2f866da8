import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { open, pick, refuse, type Asked } from '../testing/render';
import { played, route, ROUTES, turningOff } from '../testing/route';
import { tagged } from '../testing/upstream';

/** The form of a route with such conditions. */
const configure = (vars: unknown, put: () => unknown = () => ({ ...turningOff(30), would: 'nothing' })) =>
  open(`${ROUTES}/r1/configure`, { ...played, 'GET /api/routes/r1': () => tagged({ ...route, vars }), 'PUT /api/routes/r1': put });

const save = (user: UserEvent) => user.click(screen.getByRole('button', { name: 'Review and save' }));
const sent = (asked: Asked[]) => asked.filter(({ method }) => method === 'PUT').map(({ body }) => (body as { vars?: unknown }).vars);
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

test('rows show what is stored; an edit changes what it is of, and a number stays one', async () => {
  const { user, asked } = configure([['arg_n', '==', 1], ['http_x_beta', '!', '~=', null], ['remote_addr', 'IPMATCH', '10.0.0.1'], ['arg_v', '2']]);
  await screen.findByLabelText('Condition 1: value');
  screen.getByText('number');
  expect([field('Condition 1: name').value, field('Condition 1: value').value, field('Condition 2: name').value]).toEqual(['n', '1', 'x-beta']);
  screen.getByText('is not there');
  expect(screen.queryByLabelText('Condition 2: value')).toBeNull();
  await user.clear(field('Condition 1: value'));
  await user.type(field('Condition 1: value'), '1.5');
  await save(user);
  await waitFor(() => expect(sent(asked)).toEqual([[['arg_n', '==', 1.5], ['http_x_beta', '!', '~=', null], ['remote_addr', 'IPMATCH', '10.0.0.1'], ['arg_v', '2']]]));
});

test('a list is written text by text; the value goes with the operator', async () => {
  const { user, asked } = configure(undefined);
  await user.click(await screen.findByRole('button', { name: /Add condition/ }));
  await pick(user, 'Condition 1: what', 'Cookie');
  await user.type(field('Condition 1: name'), 'tier');
  await user.type(field('Condition 1: value'), 'gold');
  await pick(user, 'Condition 1: comparison', 'is none of');
  await user.type(field('Condition 1: value'), 'old, silver{enter}');
  await save(user);
  await waitFor(() => expect(sent(asked)).toEqual([[['cookie_tier', '!', 'in', ['gold', 'old, silver']]]]));
});

test('what is missing is said at its field once it is to be sent, and the server’s word at the conditions', async () => {
  const { user, asked } = configure([['arg_v', '==', '2']], () => refuse(400, { error_msg: "failed to validate the 'vars' expression: ~~ compares with a regular expression" }));
  await user.click(await screen.findByRole('button', { name: /Add condition/ }));
  await user.clear(field('Condition 1: value'));
  expect(screen.queryByText(/is needed$/)).toBeNull();
  await save(user);
  const [value, name] = [await screen.findByText('A value is needed'), screen.getByText('A name is needed')];
  expect([field('Condition 1: value'), field('Condition 2: name')].map((one) => one.getAttribute('aria-describedby'))).toEqual([value.id, name.id]);
  expect(sent(asked)).toEqual([]);
  // JSON is another look at the same.
  await user.click(screen.getByRole('button', { name: 'Write them as JSON' }));
  expect(JSON.parse(screen.getByLabelText<HTMLTextAreaElement>('Conditions', { selector: 'textarea' }).value)).toEqual([['arg_v', '==', ''], ['http_', '==', '']]);
  await user.click(screen.getByRole('button', { name: 'Show them as rows' }));
  await user.type(field('Condition 1: value'), '(');
  await waitFor(() => expect(screen.queryByText('A value is needed')).toBeNull());
  await user.click(screen.getByRole('button', { name: 'Remove condition 2' }));
  await save(user);
  const refused = await screen.findByText(/compares with a regular expression/);
  expect(screen.getByRole('group', { name: 'Conditions' }).closest('.ant-form-item')!.contains(refused)).toBe(true);
  expect(sent(asked)).toEqual([[['arg_v', '==', '(']]]);
});

test('nested conditions are written as JSON, and what is no JSON is not sent', async () => {
  const vars = ['OR', ['a', '==', '1'], ['b', '==', '2']];
  const { user, asked } = configure(vars);
  const json = await screen.findByLabelText<HTMLTextAreaElement>('Conditions', { selector: 'textarea' });
  expect(JSON.parse(json.value)).toEqual(vars);
  screen.getByText(/^These conditions are nested/);
  await user.type(json, 'x');
  await save(user);
  await screen.findByText('This is no list in JSON');
  expect(sent(asked)).toEqual([]);
  await user.clear(json);
  await user.click(json);
  await user.paste('[["cookie_a", "1"]]');
  await user.click(screen.getByRole('button', { name: 'Show them as rows' }));
  expect(field('Condition 1: name').value).toBe('a');
  await save(user);
  await waitFor(() => expect(sent(asked)).toEqual([[['cookie_a', '1']]]));
});

test('a consumer is not offered where none is known yet, and shown where one is written', async () => {
  const { user } = configure([['consumer_name', '==', 'jane'], ['arg_v', '==', '2']]);
  await screen.findByText('Consumer');
  await user.click(field('Condition 2: what'));
  const options = (await screen.findAllByRole('listbox')).at(-1)!.parentElement!;
  within(options).getByText('Cookie');
  expect(within(options).queryByText('Consumer')).toBeNull();
});
