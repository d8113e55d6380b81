// Light or dark: as the system has it, or as the reader has chosen.

const THEME = 'turbeam-explorer-theme';

try {
  const kept = localStorage.getItem(THEME);
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
} catch {
  // A page from a file may have no storage: then a choice holds as long as the page.
}

/** Goes from light to dark, or back, and keeps that. */
export function otherTheme(): void {
  const now = document.documentElement.dataset.theme;
  const isDark = now === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : now === 'dark';
  const theme = isDark ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(THEME, theme);
  } catch {
    // See above.
  }
}
