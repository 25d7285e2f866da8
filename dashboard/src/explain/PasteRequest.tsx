import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { strings } from '../strings';
import { readPasted } from './pasted';
import type { Question } from './question';

interface PasteRequestProps {
  onFill: (question: Question, notes: string[]) => void;
  onClose: () => void;
}

/** Takes a request as people have it at hand. What is pasted goes no further than the form. */
export function PasteRequest({ onFill, onClose }: PasteRequestProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const fill = () => {
    const pasted = readPasted(text);
    if ('error' in pasted) setError(pasted.error);
    else onFill(pasted.question, pasted.notes);
  };
  return (
    <Modal open title={strings.explain.paste.title} okText={strings.explain.paste.fill} cancelText={strings.common.cancel} onOk={fill} onCancel={onClose} width={720} destroyOnHidden>
      <Form layout="vertical">
        <Form.Item label={strings.explain.paste.label} htmlFor="pasted" {...(error !== undefined && { validateStatus: 'error', help: error })}>
          <Input.TextArea
            id="pasted"
            autoFocus
            spellCheck={false}
            className="code"
            rows={10}
            value={text}
            aria-invalid={error !== undefined}
            placeholder={"curl 'https://api.example.com/orders?x=1' -H 'X-User: 7'"}
            onChange={(event) => {
              setText(event.target.value);
              setError(undefined);
            }}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
