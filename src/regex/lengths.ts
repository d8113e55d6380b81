// How long what a node matches is, as far as PCRE knows it when it compiles a pattern.
import type { Node } from './nodes.js';

export function branchesOf(node: Node): Node[] {
  return node.kind === 'choice' ? node.branches : [node];
}

/** How many characters a node matches; undefined if that differs; 'unit' if it has \C with Unicode. */
export function fixedLength(node: Node, unicode: boolean, depth = 0): number | 'unit' | undefined {
  switch (node.kind) {
    case 'char':
    case 'set':
    case 'any':
    case 'notNewline':
      return 1;
    case 'unit':
      return unicode ? 'unit' : 1;
    case 'sequence': {
      let sum = 0;
      for (const item of node.items) {
        if (item.kind === 'verb' && item.verb === 'accept') break;
        const length = fixedLength(item, unicode, depth);
        if (typeof length !== 'number') return length;
        sum += length;
      }
      return sum;
    }
    case 'choice': {
      const lengths = node.branches.map((branch) => fixedLength(branch, unicode, depth));
      return lengths.includes('unit')
        ? 'unit'
        : lengths.every((l) => l === lengths[0])
          ? lengths[0]
          : undefined;
    }
    case 'capture':
    case 'atomic':
      return fixedLength(node.body, unicode, depth);
    case 'repeat': {
      const length = fixedLength(node.body, unicode, depth);
      if (typeof length !== 'number') return length;
      return node.min === node.max ? length * node.min : undefined;
    }
    case 'condition': {
      if (node.test.kind === 'define') return 0;
      const yes = fixedLength(node.yes, unicode, depth);
      return yes === fixedLength(node.no, unicode, depth) ? yes : undefined;
    }
    case 'call':
      if (node.target === undefined || depth > 10 || isInside(node, node.target)) return undefined;
      return fixedLength(node.target, unicode, depth + 1);
    case 'look':
    case 'position':
    case 'keep':
    case 'verb':
      return 0;
    default:
      return undefined;
  }
}

/**
 * Whether a node can match without taking a character; true if in doubt.
 * @param bodyOf the body of a group that is known
 */
export function couldBeEmpty(node: Node, bodyOf: (group: number) => Node | undefined, depth = 0): boolean {
  const could = (inner: Node) => couldBeEmpty(inner, bodyOf, depth);
  switch (node.kind) {
    case 'char':
    case 'set':
    case 'any':
    case 'notNewline':
    case 'unit':
    case 'cluster':
    case 'newline':
      return false;
    case 'sequence':
      return node.items.every(could);
    case 'choice':
      return node.branches.some(could);
    case 'capture':
    case 'atomic':
      return could(node.body);
    case 'repeat':
      return node.min === 0 || could(node.body);
    case 'call': {
      const body = depth < 10 ? bodyOf(node.group) : undefined;
      return body === undefined || couldBeEmpty(body, bodyOf, depth + 1);
    }
    case 'condition':
      return node.test.kind === 'define' || could(node.yes) || could(node.no);
    default:
      return true;
  }
}

/** Whether a node is part of another. */
function isInside(node: Node, of: Node): boolean {
  if (node === of) return true;
  switch (of.kind) {
    case 'sequence':
      return of.items.some((item) => isInside(node, item));
    case 'choice':
      return of.branches.some((branch) => isInside(node, branch));
    case 'capture':
    case 'atomic':
    case 'look':
    case 'repeat':
      return isInside(node, of.body);
    case 'condition':
      return (
        isInside(node, of.yes) ||
        isInside(node, of.no) ||
        (of.test.kind === 'look' && isInside(node, of.test.look))
      );
    default:
      return false;
  }
}
