import { expect, test } from 'vitest';
import { placeOf, withNode } from './nodeEdit';

const entry = { name: 'orders', retries: 2, nodes: [{ host: 'A.test', weight: 1, metadata: { zone: 'x' } }, { host: '10.0.0.2', port: 81, weight: 5 }] };
const shown = (host: string, port: number) => ({ node: `${host}:${port}`, host, port, weight: 1 }) as never;

test('a node that runs is found among the written ones, whatever its letters and with the usual port left out', () => {
  expect(placeOf({ host: 'a.test', port: 80 }, entry)).toBe(0);
  expect(placeOf({ host: 'a.test', port: 443 }, entry)).toBe(-1);
  expect(placeOf({ host: 'a.test', port: 443 }, { ...entry, scheme: 'https' })).toBe(0);
  expect(placeOf({ host: '10.0.0.2', port: 81 }, entry)).toBe(1);
});

test('an edit of one node leaves all else as it was', () => {
  expect(withNode(entry, { kind: 'add' }, { host: 'b', port: 8080, weight: 3 })).toEqual({ ...entry, nodes: [...entry.nodes, { host: 'b', port: 8080, weight: 3 }] });
  expect(withNode(entry, { kind: 'weight', node: shown('a.test', 80) }, { host: '', weight: 7 }).nodes).toEqual([{ ...entry.nodes[0], weight: 7 }, entry.nodes[1]]);
  expect(withNode(entry, { kind: 'remove', node: shown('10.0.0.2', 81) }, { host: '', weight: 1 }).nodes).toEqual([entry.nodes[0]]);
});
