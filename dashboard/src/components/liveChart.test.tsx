import { render, renderHook, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { LiveChart } from './LiveChart';
import { SAMPLES_KEPT, useSamples } from './useSamples';

const ms = (value: number) => `${value} ms`;

test('a chart names its lines with their newest values, and tells a screen reader their range', () => {
  render(<LiveChart title="Latency" times={[1, 2, 3]} series={[{ label: 'old', values: [10, 30, 20] }, { label: 'new', values: [5, null, null] }]} format={ms} />);
  screen.getByRole('img', { name: 'Latency over the last 5 minutes. old: now 20 ms, between 10 ms and 30 ms; new: now –, between 5 ms and 5 ms.' });
  expect(screen.getAllByText(/^(old|new)/).map((item) => item.textContent)).toEqual(['old 20 ms', 'new –']);
});

test('lines differ by more than their colour', () => {
  const { container } = render(<LiveChart title="Latency" times={[]} series={['a', 'b', 'c'].map((label) => ({ label, values: [] }))} format={ms} />);
  const dashes = [...container.querySelectorAll('line')].map((line) => line.getAttribute('stroke-dasharray'));
  expect(new Set(dashes).size).toBe(3);
  screen.getByRole('img', { name: 'Latency over the last 5 minutes. a: no figures yet; b: no figures yet; c: no figures yet.' });
});

test('samples are gathered once each, end where nobody looked, and are kept for five minutes', () => {
  const { result, rerender } = renderHook(({ value, at }: { value?: number; at: number }) => useSamples(value, at), { initialProps: { at: 0 } as { value?: number; at: number } });
  expect(result.current).toEqual([]);
  rerender({ value: 7, at: 1_000 });
  rerender({ value: 8, at: 1_000 }); // the same answer
  rerender({ at: 3_000 }); // an answer that failed
  expect(result.current).toEqual([{ at: 1_000, value: 7 }, { at: 3_000 }]);
  rerender({ value: 9, at: 60_000 }); // the page was hidden
  expect(result.current).toEqual([{ at: 1_000, value: 7 }, { at: 3_000 }, { at: 3_001 }, { at: 60_000, value: 9 }]);
  rerender({ value: 1, at: 60_000 + SAMPLES_KEPT - 1 });
  expect(result.current.map(({ at }) => at)).toEqual([60_000, 60_001, 60_000 + SAMPLES_KEPT - 1]);
});
