// What is said to the program conversation.erl: how it talks, and its standard input.
const LINES = 'first line\nsecond\r\n\nåäö €\nno newline at the end';

/** Lines with characters of one, two and three bytes, 1 MB. */
const LARGE = Array.from({ length: 20_000 }, (_, i) => `${i} ${'å'.repeat(i % 40)}€\n`).join('');
/** Bytes alone: OTP 25 fails where what it has read so far ends inside a character. */
const LARGE_ASCII = LARGE.replaceAll('å', 'a').replaceAll('€', '!');

export const CONVERSATIONS = [
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
  ['devices', ''],
  ['leaders', ''],
  ['at_once', 'what was read\n'],
  ['large', LARGE_ASCII],
  ['large_chars', LARGE],
];
