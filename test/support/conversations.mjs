// What is said to the program conversation.erl: how it talks, and its standard input.
const LINES = 'first line\nsecond\r\n\nåäö €\nno newline at the end';

/** Lines with characters of one, two and three bytes, 1 MB. */
const LARGE = Array.from({ length: 20_000 }, (_, i) => `${i} ${'å'.repeat(i % 40)}€\n`).join('');
/** Bytes alone: OTP 25 fails where what it has read so far ends inside a character. */
const LARGE_ASCII = LARGE.replaceAll('å', 'a').replaceAll('€', '!');

/**
 * How it talks and what is said. `last`: the last release whose `user` process survives it; `not`: releases that lose
 * the prompts of get_chars.
 */
const CONVERSATIONS = [
  ['lines', LINES],
  ['lines', ''],
  ['lines', '\n'],
  ['binary_lines', LINES],
  ['chars', 'abåäö€fghijkl\nmno\n'],
  ['chars', 'ab'],
  ['latin1', Buffer.from('caf\xe9\n\xe5\xe4rest\n', 'latin1')],
  ['terms', '{a, "b"}. [1,2\n|3].\nfoo(. x.\n#{k => <<1>>}. y'],
  ['fread', '42 word\natom 1.5 notanumber rest\nåäö 1'],
  ['parsing', 'X = 1,\nfoo(X).\nf() -> ok.\na + .\n-module(m).\n1 + .\n'],
  ['eof', ''],
  ['eof', 'one line'],
  ['files', 'one\ntwo three\nfour\n'],
  ['protocol', 'a line\nlatin\nold\nabcdefghij\n1 + 2.\nfoo. bar\nrest\nlast'],
  ['rare_requests', 'a line\n1 + 2.\nfoo. bar\nlast', { last: 27 }],
  [
    'prompts',
    'one\nabcdef\nrest of it\n{a,\n\nb}. behind\n1\n2\n\n3 left\nl\nwrong\natom\nbinary\nutf\neuro\nxyz\nlast\n',
  ],
  ['prompts', 'one\nabc'],
  ['chars_prompts', 'one\nabc', { not: ['26', '27'] }],
  ['devices', ''],
  ['password', 'secret\n'],
  ['leaders', ''],
  ['at_once', 'what was read\n'],
  ['large', LARGE_ASCII],
  ['large_chars', LARGE],
];

/** The conversations with a release, each with a name of its own. */
export function conversationsOf(release) {
  return CONVERSATIONS.flatMap(([how, input, { last = Infinity, not: no = [] } = {}], i) => {
    const nth = CONVERSATIONS.slice(0, i).filter(([other]) => other === how).length + 1;
    return Number(release) > last || no.includes(release)
      ? []
      : [{ name: nth === 1 ? how : `${how} ${nth}`, how, input }];
  });
}
