import { strings } from '../strings';

const SHOWN_MAX = 3;

/** The first texts of a member, and how many more there are, for a row; `none` where there is no text. */
export function Texts({ texts, none }: { texts: string[]; none: string }) {
  if (texts.length === 0) return <span className="secondary">{none}</span>;
  return (
    <div className="name-and-id">
      {texts.slice(0, SHOWN_MAX).map((text) => (
        <span key={text}>{text}</span>
      ))}
      {texts.length > SHOWN_MAX && <span className="secondary">{strings.common.andMore(texts.length - SHOWN_MAX)}</span>}
    </div>
  );
}
