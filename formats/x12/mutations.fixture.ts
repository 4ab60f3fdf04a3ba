// Changes files at random, the same way each time for the same seed: bytes go, come, change, and are copied elsewhere.

const signs = [
  '~',
  '*',
  ':',
  '^',
  '\n',
  '\r\n',
  'ISA',
  'IEA*1*1~',
  'GS*PO',
  'GE*1*1~',
  'ST*850*0001~',
  'SE*2*0001~',
  'HL*1**S~',
  'BIN*5*',
  'BDS*1*9*',
  '\0',
  '\xff',
  'LS*A~',
];

/** So many changed files, one after the other. */
export function* mutations(files: readonly Uint8Array[], count: number, seed: number): Generator<Uint8Array> {
  const draw = random(seed);
  for (let made = 0; made < count; made++) {
    let bytes = Buffer.from(files[draw(files.length)] as Uint8Array);
    for (let changes = 1 + draw(4); changes > 0; changes--) bytes = changed(bytes, draw);
    yield bytes;
  }
}

function changed(bytes: Buffer, draw: (below: number) => number): Buffer<ArrayBuffer> {
  const at = draw(bytes.length + 1);
  const to = Math.min(bytes.length, at + draw(20));
  const before = bytes.subarray(0, at);
  const kind = draw(5);
  if (kind === 0) return Buffer.concat([before, bytes.subarray(to)]);
  if (kind === 1) return Buffer.concat([before, Buffer.from([draw(256)]), bytes.subarray(Math.min(bytes.length, at + 1))]);
  if (kind === 2) return Buffer.concat([before, Buffer.from(signs[draw(signs.length)] ?? '', 'latin1'), bytes.subarray(at)]);
  if (kind === 3) return Buffer.concat([before, bytes.subarray(draw(bytes.length + 1)), bytes.subarray(at)]);
  return Buffer.from(before);
}

/** Numbers that look random, by a linear congruential generator with the constants of Numerical Recipes. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}
