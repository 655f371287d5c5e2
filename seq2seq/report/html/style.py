"""The report's CSS, added to the base style in `seq2seq.report.html.page`."""

STYLE = """
.verdict { font-size: 1.12rem; line-height: 1.5; margin: 14px 0 0; max-width: 74ch; color: var(--ink); }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 18px 0 2px; font-size: 0.92rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 14px; margin-top: 18px; }
.tile { padding: 13px 16px 15px; min-width: 0; }
.tile b { display: block; font-size: 2rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile b small { font-size: 1rem; font-weight: 500; color: var(--muted); }
.tile span { color: var(--muted); font-size: 0.85rem; display: block; overflow-wrap: anywhere; }
.tile .name { font-size: 0.95rem; color: var(--ink); font-weight: 600; line-height: 1.3; }
.scale { position: relative; height: 6px; border-radius: 3px; background: var(--soft); margin-top: 10px; }
.scale i { position: absolute; top: 0; height: 6px; border-radius: 3px; background: var(--series-0); opacity: 0.45; }
.scale u { position: absolute; top: -3px; height: 12px; width: 2px; background: var(--series-0); }
table.data { width: 100%; }
.data th, .data td { padding: 6px 12px 6px 0; text-align: left; vertical-align: top; }
.data th, .data td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.data th { color: var(--muted); font-weight: 600; font-size: 0.84rem; }
.data .n { text-align: right; }
.data td.n, .data .s { white-space: nowrap; }
.data tr:last-child td { border-bottom: 0; }
.data caption { text-align: left; color: var(--muted); padding-bottom: 6px; }
.wide + .wide { margin-top: 18px; }
.bar { display: inline-block; vertical-align: middle; width: 84px; height: 8px; margin-left: 10px; }
.bar { border-radius: 4px; background: var(--soft); }
.bar i { display: block; height: 8px; border-radius: 4px; background: var(--series-0); }
pre { overflow-x: auto; background: var(--soft); border-radius: 6px; padding: 12px; margin: 8px 0 0; }
pre.command { white-space: pre-wrap; overflow-wrap: anywhere; }
.plots { margin-bottom: 14px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 18px 28px; }
figure { margin: 0; min-width: 0; }
section > ul { margin: 12px 0 0; padding: 0; list-style: none; color: var(--muted); line-height: 1.7; }
.three { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 14px; }
.three { margin-top: 14px; }
.three article { border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; min-width: 0; }
.three dl { grid-template-columns: 1fr; gap: 0; }
.three dd + dt { margin-top: 7px; }
.three dd { max-height: 24em; overflow-y: auto; }
.three h3 b { color: var(--ink); }
.three details { grid-column: 1 / -1; }
article { border-top: 1px solid var(--line); padding: 14px 0 16px; }
section > p + article, section > p + .wide { margin-top: 14px; }
article h3 { margin: 0 0 6px; font-size: 0.9rem; color: var(--muted); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 16px; margin: 0; }
dt { color: var(--muted); font-size: 0.88rem; padding-top: 1px; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
mark { background: var(--mark); color: inherit; border-radius: 3px; }
.fold-section summary h2 { display: inline; color: var(--ink); }
.fold-section details { margin: 0; }
.fold-section details[open] summary { margin-bottom: 12px; }
.fold-section li { margin-top: 4px; }
.tools { display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: end; margin: 12px 0; }
.tools label { font-size: 0.84rem; color: var(--muted); display: grid; gap: 3px; }
.tools label.search { flex: 1 1 240px; }
.tools input, .tools select, button {
  font: inherit; font-size: 0.95rem; color: var(--ink); background: var(--page); border: 1px solid var(--line);
  border-radius: 6px; padding: 7px 10px; min-width: 0; max-width: 100%;
}
button { cursor: pointer; }
button:disabled { opacity: 0.45; cursor: default; }
th button { border: 0; background: none; padding: 0; color: inherit; }
th button { font-weight: 600; font-size: inherit; text-align: inherit; }
th[aria-sort="ascending"] button::after { content: " ▲"; }
th[aria-sort="descending"] button::after { content: " ▼"; }
:is(a, button, input, select, summary, [tabindex]):focus-visible {
  outline: 2px solid var(--series-0); outline-offset: 2px;
}
.all { table-layout: fixed; }
.all th:first-child, .all td:first-child { width: 4.2em; }
.all .figure { width: 6em; }
.all td { white-space: pre-wrap; }
.pages { display: flex; flex-wrap: wrap; gap: 10px; align-items: center; margin-top: 12px; }
.count { color: var(--muted); font-size: 0.9rem; margin: 0; }
@media (max-width: 700px) {
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack, .stack tbody, .stack tr, .stack td, .stack caption { display: block; width: auto !important; }
  .stack tr { border-top: 1px solid var(--line); padding: 7px 0; }
  .stack td, .stack td.n, .stack td.s { border: 0; padding: 2px 0; text-align: left; white-space: pre-wrap; }
  .stack td:not(.n):not(.s) { white-space: pre-wrap; }
  .stack td:empty { display: none; }
  .stack td::before { content: attr(data-label) "  "; color: var(--muted); font-size: 0.84rem; }
}
@media (max-width: 560px) {
  .tiles { grid-template-columns: 1fr 1fr; gap: 10px; }
  .tile { padding: 10px 12px 12px; }
  .tile b { font-size: 1.55rem; }
  .verdict { font-size: 1.02rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd + dt { margin-top: 6px; }
  svg.plot { font-size: 15px; }
  .data th, .data td { padding-right: 7px; }
  .data th, .data .s { white-space: normal; }
  .bar { width: 48px; }
}
@media print {
  body { background: none; font-size: 12px; }
  section, .tile { break-inside: avoid; }
  section:has(article, .all, .wide + .wide) { break-inside: auto; }
  article, tr, figure { break-inside: avoid; }
  nav, .tools, .pages, .copy { display: none; }
  .three dd { max-height: none; }
}
"""
