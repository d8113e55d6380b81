// The programs of examples/embed, and what they print.
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { command } from './support/turbeam.js';

const PRINTED: Record<string, string> = {
  values: `[ 1, 2, 3 ]
{2, Symbol(two)}
Map(2) { Symbol(a) => 1, Symbol(b) => 2 }
{1,<<"a">>} and ü
1208925819614629174706176n
999
[ 3, 2, 1 ]
error:badarg [3,{1,2}]
Symbol(ok)
`,
  processes: `10
4
{Symbol(stock), Symbol(apple), 10} {Symbol(stock), Symbol(pear), 4}
8
Symbol(killed)
`,
  sandbox: `spin: LimitError, reductions
hoard: LimitError, memory
[ 1, 2 ]
spin: LimitError, reductions
hoard: LimitError, reductions
[ 1, 2 ]
`,
};

it.each(Object.keys(PRINTED))('%s', async (name) => {
  const file = fileURLToPath(new URL(`../examples/embed/${name}.mjs`, import.meta.url));
  const { code, stdout, stderr } = await command(process.execPath, [file]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: PRINTED[name], stderr: '' });
});
