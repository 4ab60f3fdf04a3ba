// Orders as partners send them, made on the spot: for tests of this format.

/** An order by D.96A with so many lines, as segments without terminators. */
export function orders(reference: number, lines: number): readonly string[] {
  const items = Array.from({ length: lines }, (_, index) => [
    `LIN+${index + 1}++5410738251530:EN`,
    `IMD+F++:::Screws M${index} ?+ nuts`,
    `QTY+21:${(index + 1) * 5}:PCE`,
    `PRI+AAA:${index}.95`,
    'RFF+PD:50515',
  ]);
  const body = [
    'BGM+220+PO17+9',
    'DTM+137:20261126:102',
    'RFF+CT:652744',
    'DTM+171:20250304:102',
    'NAD+BY+5412345000013::9',
    'NAD+SU+4012345500004::9',
    'CUX+2:EUR:9',
    ...items.flat(),
    'UNS+S',
    `CNT+2:${lines}`,
  ];
  return [`UNH+${reference}+ORDERS:D:96A:UN:EAN008`, ...body, `UNT+${body.length + 2}+${reference}`];
}

/** An interchange of such messages, with a line break behind each segment. */
export function interchangeOf(messages: readonly (readonly string[])[], version = '3'): string {
  const date = version === '4' ? '20261126' : '261126';
  const segments = [
    `UNB+UNOC:${version}+5412345000013:14+4012345500004:14+${date}:1421+4711`,
    ...messages.flat(),
    `UNZ+${messages.length}+4711`,
  ];
  return `UNA:+.?${version === '4' ? '*' : ' '}'\n${segments.map((segment) => `${segment}'\n`).join('')}`;
}
