import { useEffect, useState } from 'react';

/** A value as it was when it last stood still for a moment: what is typed is not asked for at every letter. */
export function useSettled<T>(value: T, pause = 300): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => (text === undefined ? undefined : JSON.parse(text)) as T), pause);
    return () => clearTimeout(timer);
  }, [text, pause]);
  return settled;
}
