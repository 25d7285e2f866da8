import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';

/** Looks for a text in a list that the server searches: it is asked when a person pauses, not at every letter. */
export function Search({ label, value, onSearch }: { label: string; value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  // A list that is read again while a person types must not make the pause begin anew.
  const search = useRef(onSearch);
  useEffect(() => {
    search.current = onSearch;
  });
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => search.current(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text, value]);
  return <Input.Search className="list-search" allowClear aria-label={label} placeholder={label} value={text} onChange={(event) => setText(event.target.value)} onSearch={(now) => onSearch(now.trim())} />;
}
