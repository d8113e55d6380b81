// The handles between columns: dragging one, or the arrow keys on it, gives width from one column to its neighbour.

/** Least share of the width that a column has. */
const LEAST = 0.12;
const STEP = 0.03;

/** Puts a handle before each column but the first. `changed` hears of new widths. */
export function addSplits(columns: readonly HTMLElement[], main: HTMLElement, changed: () => void): void {
  const shares = columns.map(() => 1);
  const total = (): number => shares.reduce((a, b) => a + b, 0);
  const measure = (): void => {
    columns.forEach((c, i) => {
      shares[i] = c.clientWidth;
    });
  };
  const apply = (): void => {
    shares.forEach((share, i) => {
      main.style.setProperty(`--column-${i}`, `${((share / total()) * 3).toFixed(4)}fr`);
    });
    changed();
  };
  for (let i = 1; i < columns.length; i++) {
    const handle = document.createElement('div');
    handle.className = 'split';
    handle.tabIndex = 0;
    handle.setAttribute('role', 'separator');
    handle.setAttribute('aria-orientation', 'vertical');
    handle.setAttribute('aria-label', `Width of ${columns[i - 1].querySelector('h2')!.textContent}`);
    columns[i].prepend(handle);
    /** Moves the border by a share of the width of all columns. */
    const move = (by: number): void => {
      const least = LEAST * total();
      const wanted = by * total();
      const most = Math.max(0, shares[i] - least);
      const fewest = Math.min(0, least - shares[i - 1]);
      const moved = Math.min(most, Math.max(fewest, wanted));
      shares[i - 1] += moved;
      shares[i] -= moved;
      apply();
    };
    handle.addEventListener('pointerdown', (down) => {
      down.preventDefault();
      handle.setPointerCapture(down.pointerId);
      measure();
      let last = down.clientX;
      const drag = (event: PointerEvent): void => {
        move((event.clientX - last) / total());
        last = event.clientX;
        measure();
      };
      handle.addEventListener('pointermove', drag);
      const end = (): void => handle.removeEventListener('pointermove', drag);
      handle.addEventListener('pointerup', end, { once: true });
      handle.addEventListener('pointercancel', end, { once: true });
    });
    handle.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowLeft' ? -STEP : event.key === 'ArrowRight' ? STEP : 0;
      if (by === 0) return;
      event.preventDefault();
      event.stopPropagation();
      measure();
      move(by);
    });
  }
}
