// Puts the data of a page into the template that the build makes of page/.
import { readFileSync } from 'node:fs';
import type { PageData } from './data.js';

/** Where the data goes in the template, in the place of an empty object. */
const MARK = 'id="data">{}</script>';
const BEFORE = 'id="data">'.length;
const AFTER = '</script>'.length;

/** The page as HTML: one file that needs nothing else. */
export function renderPage(data: PageData): string {
  const template = readFileSync(new URL('../explore/page.html', import.meta.url), 'utf8');
  const at = template.indexOf(MARK);
  const title = /<title>[^<]*<\/title>/;
  if (at < 0 || !title.test(template))
    throw new Error('dist/explore/page.html is not the template of the page');
  // Nothing in the text may end the script element that it is in.
  const json = JSON.stringify(data)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
  const before = template.slice(0, at + BEFORE);
  const after = template.slice(at + MARK.length - AFTER);
  return `${before.replace(title, () => `<title>${escapeHtml(data.module)} — Turbeam explorer</title>`)}${json}${after}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
