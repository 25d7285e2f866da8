import { Descriptions } from 'antd';
import type { ReactNode } from 'react';
import { strings } from '../strings';

/** What is said of an object: a word, and what it is. Texts of a list stand one below the other. */
export interface Fact {
  label: string;
  content?: ReactNode;
  lines?: string[];
}

/** Facts in two columns; `none` stands where there is no content. */
export function Facts({ facts, none = strings.common.none }: { facts: Fact[]; none?: string }) {
  const shown = ({ content, lines }: Fact) => (lines?.length ? <Lines texts={lines} /> : (content ?? <span className="secondary">{none}</span>));
  return <Descriptions className="panel facts" bordered size="small" column={{ xs: 1, sm: 1, md: 1, lg: 2 }} items={facts.map((fact) => ({ key: fact.label, label: fact.label, children: shown(fact) }))} />;
}

function Lines({ texts }: { texts: string[] }) {
  return (
    <ul className="lines">
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

/** Labels, each in a line. */
export const labelLines = (labels: Record<string, string> = {}): string[] => Object.entries(labels).map(([key, value]) => `${key}: ${value}`);
