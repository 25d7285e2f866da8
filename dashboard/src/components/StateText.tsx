import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled, MinusCircleFilled, QuestionCircleOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';

/** How good a state is. Each has a colour, and a sign of another shape. */
export type Tone = 'good' | 'warning' | 'bad' | 'off' | 'unknown';

const SIGNS: Record<Tone, ReactNode> = {
  good: <CheckCircleFilled aria-hidden />,
  warning: <ExclamationCircleFilled aria-hidden />,
  bad: <CloseCircleFilled aria-hidden />,
  off: <MinusCircleFilled aria-hidden />,
  unknown: <QuestionCircleOutlined aria-hidden />,
};

/** A state: its sign and its word. */
export function StateText({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`state state-${tone}`}>
      {SIGNS[tone]}
      <span>{children}</span>
    </span>
  );
}
