const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };

/** The words of a command line as a shell makes them: quotes, backslashes, lines that go on. What a shell would fill in (variables) stays as it is written. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    const next = line[at + 1];
    if (char === '\\') {
      const lineEnd = /^\r?\n/.exec(line.slice(at + 1));
      if (lineEnd === null && next !== undefined) word = (word ?? '') + next;
      at += lineEnd === null ? 1 : lineEnd[0].length;
    } else if (char === "'" || (char === '$' && next === "'")) {
      const escapes = char === '$';
      const [text, end] = quoted(line, escapes ? at + 2 : at + 1, "'", (escaped) => (escapes ? (ESCAPES[escaped] ?? '\\' + escaped) : undefined));
      word = (word ?? '') + text;
      at = end;
    } else if (char === '"') {
      const [text, end] = quoted(line, at + 1, '"', (escaped) => ('\\"$`'.includes(escaped) ? escaped : escaped === '\n' ? '' : '\\' + escaped));
      word = (word ?? '') + text;
      at = end;
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** What stands from a place up to a quote, and where the quote is. `unescape` says what a character after a backslash stands for; undefined = a backslash is only one. */
function quoted(line: string, from: number, quote: string, unescape: (escaped: string) => string | undefined): [string, number] {
  let text = '';
  for (let at = from; at < line.length; at++) {
    const char = line[at]!;
    if (char === quote) return [text, at];
    const unescaped = char === '\\' && at + 1 < line.length ? unescape(line[at + 1]!) : undefined;
    text += unescaped ?? char;
    if (unescaped !== undefined) at++;
  }
  return [text, line.length];
}
