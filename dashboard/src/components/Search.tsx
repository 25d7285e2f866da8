import { Input } from 'antd';
import { useEffect, useState } from 'react';

/** Looks for a text in a list that the server searches: it is asked when a person pauses, not at every letter. */
export function Search({ label, value, onSearch }: { label: string; value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onSearch(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return <Input.Search className="list-search" allowClear aria-label={label} placeholder={label} value={text} onChange={(event) => setText(event.target.value)} onSearch={(now) => onSearch(now.trim())} />;
}
