// Values both ways:  node examples/embed/values.mjs
import { atom, charlist, ErlangError, Turbeam, text, tuple } from 'turbeam';

const rt = new Turbeam();

console.log(rt.callSync('lists', 'sort', [[3, 1, 2]]));
console.log(rt.callSync('lists', 'keyfind', [2, 1, [tuple(1, atom('one')), tuple(2, atom('two'))]]));
console.log(rt.callSync('maps', 'put', [atom('b'), 2, { a: 1 }]));
console.log(text(rt.callSync('io_lib', 'format', [charlist('~p and ~ts'), [tuple(1, 'a'), 'ü']])));
console.log(rt.callSync('erlang', '*', [2 ** 40, 2n ** 40n]));

// A prepared function, for what is called often.
const max = rt.function('erlang', 'max', 2);
let most = 0;
for (let i = 0; i < 1_000_000; i++) most = max(most, i % 1000);
console.log(most);

// Funs are functions.
const reverse = rt.callSync('erlang', 'make_fun', [atom('lists'), atom('reverse'), 1]);
console.log(reverse([1, 2, 3]));

try {
  rt.callSync('erlang', 'element', [3, tuple(1, 2)]);
} catch (error) {
  if (error instanceof ErlangError) console.log(error.message, rt.format(error.stacktrace[0].args));
}

// What waits is awaited.
console.log(await rt.call('timer', 'sleep', [10]));
rt.close();
