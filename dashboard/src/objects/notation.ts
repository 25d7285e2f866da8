/** A way to write an object as text. */
export interface Notation {
  write: (value: object) => string;
  /** Throws on text that is none of this notation, and says why. */
  read: (text: string) => unknown;
}

export type NotationName = 'json' | 'yaml';

/** The notations. What reads YAML is loaded when somebody asks for it. */
export const notations: Record<NotationName, () => Promise<Notation>> = {
  json: () => Promise.resolve({ write: (value) => JSON.stringify(value, null, 2), read: (text) => JSON.parse(text) as unknown }),
  yaml: async () => {
    const { parse, stringify } = await import('yaml');
    return { write: (value) => stringify(value, { lineWidth: 0 }), read: (text) => parse(text) as unknown };
  },
};
