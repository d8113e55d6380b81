// Whether code can loop without a call or a receive: no compiler makes that, and nothing would end it.

/** Whether the graph, edges in pairs of places, has a way from a place back to itself. */
export function hasCycle(edges: number[]): boolean {
  const next = new Map<number, number[]>();
  for (let i = 0; i < edges.length; i += 2) {
    const to = next.get(edges[i]!);
    if (to === undefined) next.set(edges[i]!, [edges[i + 1]!]);
    else to.push(edges[i + 1]!);
  }
  /** Places on the way at hand: true; places with no cycle behind them: false. */
  const open = new Map<number, boolean>();
  for (const start of next.keys()) {
    if (open.has(start)) continue;
    open.set(start, true);
    const way = [{ place: start, i: 0 }];
    while (way.length > 0) {
      const top = way[way.length - 1]!;
      const to = next.get(top.place)?.[top.i++];
      if (to === undefined) {
        open.set(top.place, false);
        way.pop();
      } else if (open.get(to)) return true;
      else if (!open.has(to)) {
        open.set(to, true);
        way.push({ place: to, i: 0 });
      }
    }
  }
  return false;
}
