import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { strings } from '../strings';

/** Text to be taken elsewhere. */
export function Commands({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <figure className="commands">
      <figcaption>
        <span>{label}</span>
        {/* Without a secure context the browser gives no clipboard: the text can be selected. */}
        {navigator.clipboard !== undefined && (
          <Button size="small" icon={copied ? <CheckOutlined /> : <CopyOutlined />} onClick={() => void copy()} aria-label={strings.common.copyOf(label)}>
            {copied ? strings.common.copied : strings.common.copy}
          </Button>
        )}
      </figcaption>
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </figure>
  );
}
