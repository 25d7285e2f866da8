import { Button, InputNumber, Slider, Space } from 'antd';
import { strings } from '../strings';
import { FINEST, percentOf, weightsOf, type Weights } from './model';

/** Shares that are one click away. */
const STEPS = [1, 5, 10, 25, 50, 100];

interface ShareFieldProps {
  weights: Weights;
  /** Of which requests it is a share. */
  of: string;
  onChange: (weights: Weights) => void;
}

/** The new upstream's share: by a slider, by a step, or exactly. */
export function ShareField({ weights, of, onChange }: ShareFieldProps) {
  const words = strings.canary;
  const percent = percentOf(weights);
  const set = (share: number | null) => share !== null && onChange(weightsOf(share));
  return (
    <div className="share-field">
      <div className="share-row">
        <Slider min={0} max={100} value={percent} onChange={set} tooltip={{ open: false }} ariaLabelForHandle={words.slider} ariaValueTextFormatterForHandle={() => words.percent(percent)} />
        <InputNumber<number>
          min={0}
          max={100}
          step={1}
          suffix="%"
          aria-label={words.exactly}
          value={Math.round(percent / FINEST) * FINEST}
          formatter={(value) => (value === undefined ? '' : String(Math.round(Number(value) * 100) / 100))}
          onChange={set}
        />
        <span className="secondary">{of}</span>
      </div>
      <Space size={8} wrap>
        {STEPS.map((step) => (
          <Button key={step} size="small" aria-pressed={step === percent} type={step === percent ? 'primary' : 'default'} onClick={() => set(step)}>
            {words.step(step)}
          </Button>
        ))}
      </Space>
      <p className="secondary numbers">{weights.next + weights.own === 0 ? words.evenly : words.weights(weights.next, weights.own)}</p>
    </div>
  );
}
