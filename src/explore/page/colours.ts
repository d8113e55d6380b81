// Syntax colours: a line of text as HTML. Registers look the same in both columns that have them.
import type { ColumnName } from './links.js';

type Rule = [kind: string, pattern: RegExp];

const ERLANG: Rule[] = [
  ['comment', /%.*/y],
  ['string', /"(?:[^"\\]|\\.)*"?/y],
  ['atom', /'(?:[^'\\]|\\.)*'?/y],
  ['number', /\$(?:\\.|[^\\])|\b\d+#[0-9a-zA-Z]+|\b\d[\d_]*(?:\.\d+(?:[eE][+-]?\d+)?)?/y],
  ['attribute', /^-\s*[a-z]\w*/y],
  ['macro', /\?+[A-Za-z_]\w*/y],
  [
    'keyword',
    /\b(?:after|and|andalso|band|begin|bnot|bor|bsl|bsr|bxor|case|catch|div|else|end|fun|if|maybe|not|of|or|orelse|receive|rem|try|when|xor)\b/y,
  ],
  ['variable', /\b[A-Z_][\w@]*/y],
  ['call', /\b[a-z][\w@]*(?=\s*\()/y],
  ['module', /\b[a-z][\w@]*(?=:)/y],
  ['atom', /\b[a-z][\w@]*/y],
];

const BEAM: Rule[] = [
  ['comment', /\s{2}%.*/y],
  ['heading', /^\S.*$/y],
  ['label', /^ L\d+:/y],
  ['keyword', /(?<=^ {4})\w+/y],
  ['string', /"(?:[^"\\]|\\.)*"?/y],
  ['xreg', /\bx\d+\b/y],
  ['yreg', /\by\d+\b/y],
  ['freg', /\bfr\d+\b/y],
  ['label', /\bL\d+\b/y],
  [
    'call',
    /(?:'[^']*'|[\w@$^-]+):(?:'[^']*'|=:=|=\/=|\/=?|[^\s:/,\]]+)\/\d+|(?:'[^']*'|[a-z-][\w@$^-]*(?:\/[\w@$^-]+)*)\/\d+/y,
  ],
  ['atom', /'(?:[^'\\]|\\.)*'?/y],
  ['constant', /\bliteral \d+/y],
  ['number', /-?\b\d+\b/y],
  ['atom', /\b[a-z][\w@]*\b/y],
];

const JS: Rule[] = [
  ['comment', /\/\/.*/y],
  ['string', /"(?:[^"\\]|\\.)*"?/y],
  [
    'keyword',
    /\b(?:break|case|const|continue|default|else|for|function|if|let|return|switch|null|true|false)\b/y,
  ],
  ['number', /\b(?:0x[\da-f]+|\d+n?(?:\.\d+)?)\b/y],
  ['xreg', /\bx\d+[dw]?\b/y],
  ['yreg', /\by\d+[dw]?\b/y],
  ['freg', /\bf\d+\b/y],
  ['constant', /\b(?:at|return|catch|fill|atom|literal|lambda|integer|string|keys)_\w+/y],
  ['register', /(?<=\bH\[)[A-Z]\w+(?=\])/y],
  ['label', /\b(?:again|frame|out|to\d+|loop\d+|yes\d+|no\d+)\b/y],
  ['call', /[A-Za-z_$][\w$]*(?=\()/y],
  ['plain', /[A-Za-z_$][\w$]*/y],
];

const RULES: Record<ColumnName, Rule[]> = { erlang: ERLANG, beam: BEAM, js: JS };

export const escapeText = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : '&quot;'));

/** The text as HTML with a span for each token; matches of the search, [from, to) pairs, are marked. */
export function coloured(
  column: ColumnName,
  text: string,
  matches: readonly [number, number][] = [],
): string {
  let html = '';
  let at = 0;
  const emit = (kind: string, from: number, to: number): void => {
    const inner = marked(text, from, to, matches);
    html += kind === '' || kind === 'plain' ? inner : `<span class="s-${kind}">${inner}</span>`;
  };
  let plainFrom = 0;
  while (at < text.length) {
    let found: [string, number] | undefined;
    const c = text.charCodeAt(at);
    // Blanks and most punctuation begin no token, but a comment of the listing begins with two blanks.
    if (c !== 32 || column === 'beam')
      for (const [kind, pattern] of RULES[column]) {
        pattern.lastIndex = at;
        const match = pattern.exec(text);
        if (match !== null && match[0] !== '') {
          found = [kind, at + match[0].length];
          break;
        }
      }
    if (found === undefined) at++;
    else {
      if (plainFrom < at) emit('', plainFrom, at);
      emit(found[0], at, found[1]);
      at = plainFrom = found[1];
    }
  }
  if (plainFrom < text.length) emit('', plainFrom, text.length);
  return html;
}

function marked(text: string, from: number, to: number, matches: readonly [number, number][]): string {
  let html = '';
  let at = from;
  for (const [start, end] of matches) {
    const a = Math.max(start, at);
    const b = Math.min(end, to);
    if (a >= b) continue;
    html += `${escapeText(text.slice(at, a))}<mark>${escapeText(text.slice(a, b))}</mark>`;
    at = b;
  }
  return html + escapeText(text.slice(at, to));
}
