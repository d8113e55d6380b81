// Nodes and ports, as far as a node that is alone and has no ports can tell. (Module erlang, erts_internal, net_kernel,
// erl_ddll.)
import { badarg, badargBecause, raiseError } from '../processes/raise.js';
import { makeReference } from '../processes/references.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isMap, isTaggedTuple, list, listToArray, mapEntries, mapFromPairs, tuple } from '../terms/build.js';
import { isAtom, NIL, type Term } from '../terms/tags.js';
import { isPid, isPort } from './guards.js';
import { defineBifs } from './table.js';

const THIS_NODE = am['nonode@nohost'];
const KINDS = new Set(['this', 'known', 'visible', 'hidden', 'connected'].map(atom));
const KINDS_OF_THIS = new Set(['this', 'known'].map(atom));

/** Whether this node is one of those that nodes/1 is asked for; undefined: nothing that it can be asked. */
function includesThisNode(kinds: Term): boolean | undefined {
  const items = isAtom(kinds) ? [kinds] : listToArray(kinds);
  if (items === undefined || !items.every((kind) => KINDS.has(kind))) return undefined;
  return items.some((kind) => KINDS_OF_THIS.has(kind));
}

function nodes(kinds: Term): Term {
  const included = includesThisNode(kinds);
  if (included === undefined) return badarg();
  return included ? list([THIS_NODE]) : NIL;
}

const INFO = new Map([
  [atom('connection_id'), Atom.Undefined],
  [atom('node_type'), atom('this')],
]);

function nodesWithInfo(kinds: Term, options: Term): Term {
  const included = includesThisNode(kinds);
  if (included === undefined || !isMap(options)) return badarg();
  const info: [Term, Term][] = [];
  for (const [key, wanted] of mapEntries(options)) {
    const value = INFO.get(key);
    if (value === undefined || (wanted !== Atom.True && wanted !== Atom.False)) return badarg();
    if (wanted === Atom.True) info.push([key, value]);
  }
  return included ? list([tuple(THIS_NODE, mapFromPairs(info))]) : NIL;
}

function monitorNode(node: Term, flag: Term): Term {
  if (!isAtom(node)) return badarg();
  if (node !== THIS_NODE) return raiseError(atom('notalive'));
  return flag === Atom.True || flag === Atom.False ? Atom.True : badarg();
}

/** There are no ports: whatever asks one for something gets the error of a port that is closed. */
const noPort = () => badarg();
/** The same, told to OTP's own wrappers in the module erlang by returning the reason. */
const noPortReason = () => am.badarg;

const PORT_INFO = new Set(
  [
    'registered_name',
    'id',
    'connected',
    'links',
    'name',
    'input',
    'output',
    'os_pid',
    'monitors',
    'monitored_by',
    'parallelism',
    'queue_size',
    'memory',
    'locking',
  ].map(atom),
);

function isPortOrName(t: Term): boolean {
  return isPort(t) || isAtom(t);
}

const portInfo = (port: Term): Term => (isPortOrName(port) ? Atom.Undefined : badarg());
const portInfoItem = (port: Term, item: Term): Term =>
  isPort(port) || (isAtom(port) && PORT_INFO.has(item)) ? Atom.Undefined : badarg();

/** What open_port/2 can be asked to open, with the number of elements. */
const PORT_NAMES: [string, number][] = [
  ['spawn', 2],
  ['spawn_driver', 2],
  ['spawn_executable', 2],
  ['fd', 3],
];

function openPort(name: Term, settings: Term): Term {
  const known = PORT_NAMES.some(([tag, arity]) => isTaggedTuple(name, arity, atom(tag)));
  if (!known || listToArray(settings) === undefined) return badarg();
  return raiseError(am.notsup);
}

defineBifs('erlang', {
  'nodes/0': () => NIL,
  'nodes/1': nodes,
  'nodes/2': nodesWithInfo,
  'is_alive/0': () => Atom.False,
  'monitor_node/2': monitorNode,
  'monitor_node/3': (node, flag, options) => {
    const items = listToArray(options);
    if (!items?.every((o) => o === atom('allow_passive_connect'))) return badargBecause(atom('badopt'));
    return monitorNode(node, flag);
  },
  'disconnect_node/1': (node) => (isAtom(node) ? atom('ignored') : badarg()),
  'setnode/2': () => badarg(),
  'get_cookie/0': () => atom('nocookie'),
  'dist_get_stat/1': () => badarg(),
  'dist_ctrl_get_data/1': () => badarg(),
  'dist_ctrl_get_data_notification/1': () => badarg(),
  'dist_ctrl_get_opt/2': () => badarg(),
  'dist_ctrl_input_handler/2': () => badarg(),
  'dist_ctrl_put_data/2': () => badarg(),
  'dist_ctrl_set_opt/3': () => badarg(),

  'ports/0': () => NIL,
  'open_port/2': openPort,
  'port_info/1': portInfo,
  'port_info/2': portInfoItem,
  'port_get_data/1': noPort,
  'port_set_data/2': noPort,
  'port_close/1': noPort,
  'port_command/2': noPort,
  'port_command/3': (_port, _data, options) => {
    const items = listToArray(options);
    const known = items?.every((o) => o === atom('force') || o === atom('nosuspend')) ?? false;
    return known ? badarg() : badargBecause(atom('badopt'));
  },
  'port_connect/2': noPort,
  'port_control/3': noPort,
  'port_call/2': noPort,
  'port_call/3': noPort,
});

defineBifs('erts_internal', {
  'open_port/2': () => am.notsup,
  'port_info/1': (port) => (isPortOrName(port) ? Atom.Undefined : am.badarg),
  'port_info/2': (port, item) => {
    const known = isPort(port) || (isAtom(port) && PORT_INFO.has(item));
    return known ? Atom.Undefined : am.badarg;
  },
  'port_close/1': noPortReason,
  'port_command/3': noPortReason,
  'port_connect/2': noPortReason,
  'port_control/3': noPortReason,
  'port_call/3': noPortReason,
  'get_creation/0': () => Atom.Undefined,
  'new_connection/1': (node) => (isAtom(node) ? tuple(1 << 1, makeReference()) : badarg()),
  'abort_pending_connection/2': () => badarg(),
  'create_dist_channel/3': () => am.badarg,
  'dist_spawn_request/4': () => badarg(),
});

defineBifs('net_kernel', {
  'dflag_unicode_io/1': (pid) => (isPid(pid) ? Atom.True : badarg()),
});

// No driver can be loaded.
defineBifs('erl_ddll', {
  'loaded_drivers/0': () => tuple(Atom.Ok, NIL),
  'try_load/3': () => tuple(Atom.Error, am.notsup),
  'try_unload/2': () => tuple(Atom.Error, atom('not_loaded')),
  'info/2': () => badarg(),
  'monitor/2': () => badarg(),
  'demonitor/1': () => badarg(),
});
