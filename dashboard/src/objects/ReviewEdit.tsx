import { Alert, Form, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { DifferenceList } from '../components/DifferenceList';
import { strings } from '../strings';
import type { Preview } from './queries';
import type { Scope } from './scope';
import { Users } from './Users';

interface ReviewEditProps {
  scope: Scope;
  preview: Preview;
  /** How what is reviewed is called, when it is no edit. */
  words?: { title: string; save: string; back: string };
  /** What it touches of an object that no other uses, but that has requests of its own. */
  ownRequests?: string;
  /** What is to be known before, beside the difference. */
  notes?: ReactNode;
  busy: boolean;
  error?: Error;
  onSave: (why: string) => void;
  onClose: () => void;
}

/** The last look before something is saved: what differs, and whom it touches. */
export function ReviewEdit({ scope, preview, words = strings.review, ownRequests = strings.review.nobody, notes, busy, error, onSave, onClose }: ReviewEditProps) {
  const [why, setWhy] = useState('');
  const { affected } = preview;
  return (
    <Modal open width={760} title={words.title} okText={words.save} cancelText={words.back} confirmLoading={busy} onOk={() => onSave(why.trim())} onCancel={onClose}>
      {error && <Alert type="error" showIcon role="alert" title={error.message} className="form-alert" />}
      {notes}
      {preview.warnings.map((warning) => (
        <Alert key={warning} type="warning" showIcon title={warning} className="form-alert" />
      ))}
      <h3>{strings.review.difference}</h3>
      <DifferenceList differences={preview.difference} />
      <h3>{strings.review.affected}</h3>
      {affected.list.length === 0 ? (
        <p>{ownRequests}</p>
      ) : (
        <>
          <p className="numbers">{strings.review.total(affected.list.length, affected.requests_per_second)}</p>
          <Users scope={scope} users={affected.list} label={strings.review.affected} />
        </>
      )}
      <Form layout="vertical">
        <Form.Item label={strings.review.why} htmlFor="why" extra={strings.review.whyHint}>
          <Input id="why" maxLength={500} autoComplete="off" value={why} onChange={(event) => setWhy(event.target.value)} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
