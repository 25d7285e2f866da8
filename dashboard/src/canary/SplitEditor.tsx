import { Alert, Button, Form, Segmented } from 'antd';
import { useState } from 'react';
import { ApiError, readable } from '../api/errors';
import { Section } from '../components/Section';
import { NEW } from '../conditions/condition';
import { ConditionRows } from '../conditions/ConditionRows';
import { strings } from '../strings';
import { UpstreamPicker } from '../targets/UpstreamPicker';
import { canaryOf, withMode, type Draft, type Missing } from './draft';
import type { Canary } from './model';
import { ShareField } from './ShareField';

interface SplitEditorProps {
  draft: Draft;
  /** What is stored; none = nothing is split. */
  stored?: Canary;
  /** The id of the upstream that requests go to without a split. */
  own?: string;
  /** Whether it differs from what is stored. */
  isChanged: boolean;
  onChange: (draft: Draft) => void;
  /** None while nothing was written. */
  onReset?: () => void;
  /** Rejects with the server's refusal. */
  onReview: (canary: Canary) => Promise<void>;
}

/** Says where requests go, which, and how many. */
export function SplitEditor({ draft, stored, own, isChanged, onChange, onReset, onReview }: SplitEditorProps) {
  const words = strings.canary;
  const [isChecked, setChecked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>(NOTHING);
  const read = canaryOf(draft, own);
  const missing: Missing | undefined = isChecked && 'missing' in read ? read.missing : undefined;
  const upstreamHelp = missing?.upstream === 'none' ? words.upstreamMissing : missing?.upstream === 'own' ? words.upstreamIsOwn : refused.upstream;
  const conditionsHelp = missing?.conditions && draft.conditions.length === 0 ? words.conditionMissing : refused.conditions;

  const change = (next: Partial<Draft>) => {
    setRefused(NOTHING);
    onChange({ ...draft, ...next });
  };
  const reset = () => {
    setRefused(NOTHING);
    setChecked(false);
    onReset?.();
  };
  const review = async () => {
    setChecked(true);
    if (!('canary' in read)) return;
    setRefused(NOTHING);
    setBusy(true);
    try {
      await onReview(read.canary);
    } catch (error) {
      setRefused(placed(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Section title={words.edit} about={words.editAbout}>
      {refused.other.length > 0 && <Alert type="error" showIcon role="alert" className="form-alert" title={strings.editor.refused} description={refused.other.join('\n')} />}
      <Form layout="vertical" onFinish={() => void review()}>
        <Form.Item label={words.newUpstream} htmlFor="canary-upstream" {...(upstreamHelp !== undefined && { validateStatus: 'error', help: upstreamHelp })}>
          <UpstreamPicker id="canary-upstream" value={draft.upstreamId} onChange={(upstreamId) => change({ upstreamId })} />
        </Form.Item>
        <Form.Item label={words.mode}>
          <Segmented<Draft['mode']>
            aria-label={words.mode}
            value={draft.mode}
            options={(['share', 'rule'] as const).map((value) => ({ value, label: words.modes[value] }))}
            onChange={(mode) => change({ ...withMode(draft, mode, stored), ...(mode === 'rule' && draft.conditions.length === 0 && { conditions: [NEW] }) })}
          />
        </Form.Item>
        {draft.mode === 'rule' && (
          <Form.Item label={words.conditions} extra={strings.conditions.hint} {...(conditionsHelp !== undefined && { validateStatus: 'error', help: conditionsHelp })}>
            <ConditionRows conditions={draft.conditions} isChecked={isChecked} onChange={(conditions) => change({ conditions })} />
          </Form.Item>
        )}
        <Form.Item label={words.share}>
          <ShareField weights={draft.weights} of={words.shareOf[draft.mode]} onChange={(weights) => change({ weights })} />
        </Form.Item>
        <div className="choices editor-choices">
          <Button type="primary" htmlType="submit" loading={isBusy} disabled={!isChanged}>
            {words.review}
          </Button>
          {onReset ? <Button onClick={reset}>{words.asStored}</Button> : !isChanged && <span className="secondary">{words.unchanged}</span>}
        </div>
      </Form>
    </Section>
  );
}

/** The server's words, by the field they are about. */
interface Refused {
  upstream?: string;
  conditions?: string;
  other: string[];
}

const NOTHING: Refused = { other: [] };

function placed(error: unknown): Refused {
  if (!(error instanceof ApiError)) return { other: [(error as Error).message] };
  const refused: Refused = { other: [] };
  for (const { path, message } of error.problems) {
    if (path.includes('match')) refused.conditions = message;
    else if (path.includes('upstream_id')) refused.upstream = message;
    else refused.other.push(`${path.join('.')}: ${message}`);
  }
  return error.problems.length > 0 ? refused : { other: [readable(error.message)] };
}
