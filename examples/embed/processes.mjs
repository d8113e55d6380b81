// Processes, messages, and JavaScript functions that Erlang calls:  node examples/embed/processes.mjs
import { atom, Turbeam } from 'turbeam';

const rt = new Turbeam({ files: [new URL('stock.beam', import.meta.url).pathname] });

// Erlang calls prices:price/1. It may give a promise: the Erlang process waits.
const prices = { apple: 0.5, pear: 0.75 };
rt.module('prices', {
  price: async (thing) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return prices[thing.description];
  },
});

const server = rt.callSync('stock', 'start');
const mailbox = rt.mailbox();
rt.callSync('stock', 'watch', [server, mailbox.pid]);

console.log(rt.callSync('stock', 'add', [server, atom('apple'), 10]));
console.log(await rt.call('stock', 'add', [server, atom('pear'), 4]));
console.log(await mailbox.receive(), await mailbox.receive());
console.log(await rt.call('stock', 'value', [server]));

const down = rt.monitor(server);
rt.exit(server, atom('kill'));
console.log((await down).reason);
rt.close();
