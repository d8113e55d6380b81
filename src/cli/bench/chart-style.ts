// The looks of the page that `bench --html` writes: system fonts, light and dark by what the reader's system says.

/** A style sheet. Engines are classes of that name. */
export const CHART_STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfaf8; --card: #ffffff; --text: #1d2126; --soft: #616a75; --rule: #e6e3dd; --grid: #efede8; --one: #8a919b;
  --interpreter: #a9b0ba; --jit: #0f766e; --no-stubs: #d98a1f; --no-unboxed: #b4588c; --no-direct: #7a6fd0; --plain: #b8503c;
  --native: #3b6fb6; --translating: #d98a1f; --warming: #e3c9a0; --whisker: #1d2126;
  --accent: #0f766e; --on-accent: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1b1f25; --text: #e6e8eb; --soft: #99a2ae; --rule: #2c323a; --grid: #262b32; --one: #79828e;
    --interpreter: #6b7480; --jit: #2fb5a5; --no-stubs: #e2a245; --no-unboxed: #d07fb0; --no-direct: #9c93ea; --plain: #dc7a66;
    --native: #6fa0e6; --translating: #e2a245; --warming: #6f5a36; --whisker: #eef0f2;
    --accent: #2fb5a5; --on-accent: #0c1513;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
}
header, main { max-width: 920px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 40px; }
h1 { font-size: 26px; line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 6px; }
h2 { font-size: 18px; line-height: 1.3; letter-spacing: -0.005em; margin: 0 0 4px; }
p { margin: 0 0 16px; color: var(--soft); max-width: 66ch; }
header p { font-size: 13.5px; max-width: none; margin-bottom: 0; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 22px 24px 20px; margin: 0 0 24px; }
.means { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 12px; padding: 0; margin: 18px 0 24px; }
.means li { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 14px 18px 13px; }
.means strong { display: block; font-size: 28px; line-height: 1.15; font-weight: 650; letter-spacing: -0.02em; }
.means span { color: var(--soft); font-size: 13.5px; }
.ratios > input { position: absolute; opacity: 0; pointer-events: none; }
.choice { display: flex; align-items: center; gap: 10px; margin: 0 0 14px; color: var(--soft); font-size: 13.5px; }
.segments { display: inline-flex; border: 1px solid var(--rule); border-radius: 7px; overflow: hidden; }
.segments label { padding: 4px 13px; cursor: pointer; color: var(--text); }
.segments label + label { border-left: 1px solid var(--rule); }
.ratios > .chart { display: none; }
#base-native:checked ~ .base-native, #base-jit:checked ~ .base-jit, #base-interpreter:checked ~ .base-interpreter { display: block; }
#base-native:checked ~ .choice label[for="base-native"], #base-jit:checked ~ .choice label[for="base-jit"],
#base-interpreter:checked ~ .choice label[for="base-interpreter"] { background: var(--accent); color: var(--on-accent); }
.ratios > input:focus-visible ~ .choice .segments { outline: 2px solid var(--accent); outline-offset: 2px; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; margin: 0 0 12px; font-size: 13px; color: var(--soft); }
.legend b { color: var(--text); font-weight: 550; }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin-right: 7px; vertical-align: -1px; }
.axis, .row { display: grid; grid-template-columns: 132px 1fr; column-gap: 12px; }
.axis { grid-template-columns: 132px 1fr 124px; height: 20px; font-size: 12px; color: var(--soft); }
.axis div { position: relative; }
.axis div i { position: absolute; bottom: 2px; font-style: normal; }
.axis div b { display: block; transform: translateX(-50%); font-weight: 400; white-space: nowrap; }
.axis .one b { color: var(--text); font-weight: 600; }
.row { align-items: center; border-top: 1px solid var(--grid); }
.row h3 { font-size: 13.5px; line-height: 1.3; font-weight: 500; margin: 0; overflow-wrap: anywhere; }
.row.mean h3 { font-weight: 650; }
.row.mean { border-top: 1px solid var(--rule); }
.bars { padding: 0; }
.bar { display: grid; grid-template-columns: 1fr 52px 60px; column-gap: 12px; align-items: center; height: 17px; font-size: 12.5px; line-height: 17px; }
.bar:first-child, .bar:first-child .plot > i { border-top: 0; }
.plot { position: relative; height: 17px; }
.bar:first-child { padding-top: 4px; height: 21px; } .bar:last-child { padding-bottom: 4px; height: 21px; }
.bar:first-child:last-child { height: 25px; }
.bar:first-child .plot > i { top: -4px; } .bar:last-child .plot > i { bottom: -4px; }
.plot > i { position: absolute; top: 0; bottom: 0; width: 1px; margin-left: -0.5px; background: var(--grid); }
.plot > i.one { background: var(--one); }
.plot > s { position: absolute; top: 3px; bottom: 3px; min-width: 1px; border-radius: 0 2px 2px 0; }
.plot > s.left { border-radius: 2px 0 0 2px; }
.plot > u { position: absolute; top: 50%; height: 1px; min-width: 1px; background: var(--whisker); opacity: 0.75; }
.plot > u::before, .plot > u::after { content: ""; position: absolute; top: -2px; height: 5px; width: 1px; background: inherit; }
.plot > u::after { right: 0; }
.ratio, .time { text-align: right; white-space: nowrap; }
.time { color: var(--soft); }
.mean .ratio { font-weight: 650; }
.ends { display: flex; justify-content: space-between; margin: 8px 136px 0 144px; font-size: 12px; color: var(--soft); }
.interpreter { background: var(--interpreter); } .jit { background: var(--jit); } .no-stubs { background: var(--no-stubs); }
.no-unboxed { background: var(--no-unboxed); } .no-direct { background: var(--no-direct); } .plain { background: var(--plain); }
.native { background: var(--native); } .translating { background: var(--translating); } .warming { background: var(--warming); }
.scroll { overflow-x: auto; margin: 0 -24px; padding: 0 24px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th, td { text-align: right; padding: 6px 0 6px 18px; border-top: 1px solid var(--grid); vertical-align: top; white-space: nowrap; font-weight: 400; }
thead th { border-top: 0; color: var(--soft); font-size: 12.5px; vertical-align: bottom; }
th:first-child { text-align: left; padding-left: 0; }
tbody th { font-weight: 500; }
td small { display: block; color: var(--soft); font-size: 11.5px; line-height: 1.25; }
@media (max-width: 640px) {
  header, main { padding: 0 12px; } header { padding-top: 22px; }
  section { padding: 16px 14px; } .scroll { margin: 0 -14px; padding: 0 14px; }
  .axis { grid-template-columns: 84px 1fr 44px; column-gap: 8px; } .row { grid-template-columns: 84px 1fr; column-gap: 8px; }
  .row h3 { font-size: 12px; } .bar { grid-template-columns: 1fr 44px; column-gap: 8px; } .time { display: none; }
  .ends { margin: 8px 52px 0 92px; }
}
@media (prefers-reduced-motion: no-preference) { .segments label { transition: background 0.12s; } }
@media print { section { break-inside: avoid; border: 0; } }
`;
