/** Choices that are the same at every run, by mulberry32. */
export function choices(seed: number) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    oneOf: <T,>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!,
    some: <T,>(max: number, make: () => T): T[] => Array.from({ length: Math.floor(next() * (max + 1)) }, make),
  };
}
