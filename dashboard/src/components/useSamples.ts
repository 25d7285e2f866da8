import { useEffect, useState } from 'react';

/** How far back samples are kept, in milliseconds. */
export const SAMPLES_KEPT = 300_000;

/** A figure of a moment; without one nobody knew. */
export interface Sample<T> {
  /** Milliseconds of Unix time. */
  at: number;
  value?: T;
}

/** Between samples that are further apart nobody looked: the page was hidden. */
const GAP = 10_000;

/** Gathers what a page that lives is told, for as long as it is open and {@link SAMPLES_KEPT}. `at`: when the value was told, 0 = not yet. */
export function useSamples<T>(value: T | undefined, at: number): Sample<T>[] {
  const [samples, setSamples] = useState<Sample<T>[]>([]);
  useEffect(() => {
    if (at === 0) return;
    setSamples((before) => {
      const last = before.at(-1);
      if (last && last.at >= at) return before;
      const kept = before.filter((sample) => sample.at > at - SAMPLES_KEPT);
      return [...kept, ...(last && at - last.at > GAP ? [{ at: last.at + 1 }] : []), value === undefined ? { at } : { at, value }];
    });
  }, [at, value]);
  return samples;
}
