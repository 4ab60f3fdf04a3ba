// How the page of a proof looks, on a screen and on paper.

export const pageStyle = [
  'body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff}',
  'main{max-width:64rem;margin:0 auto;padding:2rem 1rem}',
  'h1{font-size:1.75rem;line-height:1.2;margin:0 0 1rem}',
  'h2{font-size:1.15rem;margin:2rem 0 .5rem}',
  '.verdict{padding:1rem 1.25rem;border-left:.4rem solid;font-weight:600}',
  '.good{background:#e8f5ec;border-color:#1a7f37}',
  '.bad{background:#fdecea;border-color:#b42318}',
  '.wide{overflow-x:auto}',
  'table{border-collapse:collapse;width:100%;font-size:.9rem}',
  'th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid #d8dee4;overflow-wrap:anywhere}',
  'pre{font-size:.75rem;white-space:pre-wrap;overflow-wrap:anywhere}',
  '@media print{details{display:none}main{max-width:none;padding:0}}',
].join('');
