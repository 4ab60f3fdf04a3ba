// Mappings with the models they stand between: right ones, of which nothing may be told, and wrong ones, with the place. `§` marks it.

export interface Wrong {
  /** The place that is to be told stands behind `§`. */
  readonly text: string;
  readonly fact: 'unknown-path' | 'never-true' | 'misfit' | 'may-not-fit';
}

const text = { type: 'string' };
const number = { type: 'number' };

/** The input: everything in it is known. */
export const order = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'number', 'placedAt', 'status', 'paid', 'total', 'customer', 'lines', 'tags'],
  properties: {
    id: text,
    number: { type: 'integer' },
    placedAt: text,
    status: { enum: ['open', 'paid', 'shipped'] },
    paid: { type: 'boolean' },
    total: number,
    discount: number,
    note: text,
    reference: { type: ['string', 'null'] },
    customer: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'name', 'address'],
      properties: { id: text, name: text, email: text, address: { $ref: '#/$defs/address' } },
    },
    shipTo: { $ref: '#/$defs/address' },
    lines: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['sku', 'quantity', 'price'],
        properties: { sku: text, quantity: { type: 'integer' }, price: number, options: { type: 'array', items: text } },
      },
    },
    tags: { type: 'array', items: text },
  },
  $defs: {
    address: {
      type: 'object',
      additionalProperties: false,
      required: ['street', 'city', 'country'],
      properties: { street: text, city: text, country: text, floor: { type: 'integer' } },
    },
  },
} as const;

/** What the mappings are to give; every field may be absent. */
export const target = {
  type: 'object',
  additionalProperties: false,
  properties: {
    t: text,
    n: number,
    i: { type: 'integer' },
    b: { type: 'boolean' },
    o: { type: 'object' },
    a: { type: 'array', items: text },
    e: { enum: ['open', 'paid', 'shipped', 'gone'] },
    r: { type: 'object', required: ['x'], properties: { x: text, y: number } },
    rows: {
      type: 'array',
      items: { type: 'object', additionalProperties: false, required: ['x'], properties: { x: text, y: number } },
    },
  },
} as const;

/** Expressions by the kind of what they give; each is always there. */
const givers: Readonly<Record<string, readonly string[]>> = {
  t: [
    'id',
    'customer.name',
    'customer.address.city',
    '$string(total)',
    '$uppercase(id)',
    'id & "-" & customer.id',
    '"text"',
    '$now()',
    '$type(total)',
    '$join(tags, ",")',
    '$substring(id, 0, 3)',
    'paid ? "y" : "n"',
  ],
  n: [
    'total',
    '$sum(lines.price)',
    '$sum(lines.(price * quantity))',
    'total * 2',
    '-total',
    '$round(total, 2)',
    '$number(id)',
    '$abs(total)',
  ],
  i: ['number', '$count(lines)', '$length(id)', '$floor(total)', 'number + 1', '42'],
  b: [
    'paid',
    '$not(paid)',
    'total > 5',
    'status = "open"',
    '$exists(note)',
    'paid and total > 1',
    '"a" in tags',
    '$contains(id, "x")',
    'true',
  ],
  o: ['customer', 'customer.address', '{ "x": id }', 'lines{sku: quantity}', '$merge([customer, { "more": 1 }])'],
  a: ['tags', '["a", "b"]', '[lines.sku]', 'lines.sku[]', '$split(id, ",")', '$append(tags, "x")', '$reverse(tags)'],
};

const takes: Readonly<Record<string, readonly string[]>> = { t: ['t'], n: ['n', 'i'], i: ['i'], b: ['b'], o: ['o'], a: ['a'] };

function pairs(): readonly { readonly field: string; readonly kind: string; readonly giver: string }[] {
  return Object.keys(takes).flatMap((field) =>
    Object.entries(givers).flatMap(([kind, all]) => all.map((giver) => ({ field, kind, giver }))),
  );
}

const fittingPairs = pairs().filter(({ field, kind }) => takes[field]?.includes(kind));
/** A number may be an integer; of that nothing is known. */
const misfittingPairs = pairs().filter(({ field, kind }) => !takes[field]?.includes(kind) && !(field === 'i' && kind === 'n'));

export const right: readonly string[] = [
  ...fittingPairs.map(({ field, giver }) => `{ "${field}": ${giver} }`),
  '{ "t": note, "n": discount }',
  '{ "t": note ?? "none" }',
  '{ "t": note ? note : id }',
  '{ "r": { "x": note ?? id } }',
  '{ "r": $exists(note) ? { "x": note } : { "x": "none" } }',
  '{ "r": note ? { "x": note } }',
  '{ "r": { "x": $exists(note) ? note : "none" } }',
  '{ "e": status }',
  '{ "e": "gone" }',
  '{ "rows": [lines.{ "x": sku, "y": price }] }',
  '{ "rows": lines.{ "x": sku, "y": price }[] }',
  '{ "rows": [lines[quantity > 1].{ "x": sku }] }',
  '{ "rows": [$map(lines, function($l) { { "x": $l.sku, "y": $l.price * $l.quantity } })] }',
  '{ "rows": [lines^(>price).{ "x": sku }] }',
  '{ "rows": [$filter(lines, function($l) { $l.price > 2 }).{ "x": sku }] }',
  '{ "rows": [lines.{ "x": sku & $string(quantity) }] }',
  '{ "rows": [] }',
  '{ "a": [lines.options] }',
  '{ "a": [tags[0]] }',
  '{ "t": lines[0].sku }',
  '{ "t": lines[-1].sku }',
  '{ "t": tags[0] }',
  '{ "t": shipTo.city }',
  '{ "t": (shipTo ? shipTo : customer.address).city }',
  '{ "n": $reduce(lines.price, function($a, $b) { $a + $b }, 0) }',
  '{ "n": $sum($map(lines, function($l) { $l.price })) }',
  '($c := customer; { "t": $c.name })',
  '($f := function($x) { $x.city }; { "t": $f(customer.address) })',
  '($f := function($x) { $x.name }; { "t": $f(customer) })',
  '{ "t": $lookup(customer, "name") }',
  '{ "t": customer.*[0] }',
  '{ "t": $.customer.name }',
  '{ "t": $$.customer.name }',
  'status = "paid" ? { "t": "p" } : { "t": "o" }',
  'reference = null ? { "t": "none" } : { "t": id }',
  '{ "t": reference ? reference : "none" }',
  '{ "b": discount = 5 }',
  '{ "b": status in ["open", "paid"] }',
  '{ "b": $type(reference) = "string" }',
  '{ "b": customer.email != null }',
  '{ "t": lines[sku = "A"].sku[0] }',
  '{ "t": customer ~> function($c) { $c.name } }',
  '{ "t": $eval("id") }',
  '{ "t": $unknown.anything }',
  '{ "t": lines@$l.(tags[$ = $l.sku])[0] }',
  '{ "t": customer.(name & " " & %.id) }',
  '($x := lines; $y := $x[quantity > 2]; { "n": $sum($y.price) })',
  '$merge([{ "t": id }, { "n": total }])',
  '{ "t": id } ~> |$|{ "n": 1 }|',
];

const paths = [
  'id',
  'total',
  'status',
  'customer.name',
  'customer.address.city',
  'lines.sku',
  'lines.price',
  'shipTo.country',
  'tags',
  'lines.options',
];

function misspelt(path: string): readonly Wrong[] {
  const parts = path.split('.');
  return parts.map((part, at) => {
    const wrong = [...parts.slice(0, at), `§${part}x`, ...parts.slice(at + 1)].join('.');
    return { text: `{ "o": { "v": ${wrong} } }`, fact: 'unknown-path' };
  });
}

const neverTrue = [
  'status = "closed"',
  'status = 1',
  'paid = "true"',
  'total = "5"',
  'number = true',
  'id = 4',
  'customer.name = null',
  'status in ["closed", "gone"]',
  'total in ["a"]',
  'id > 5',
  'total < "9"',
  'paid >= 1',
  'customer = "x"',
  'tags = 1',
  'lines.sku = 3',
  '$count(lines) = "1"',
  '$string(total) = 5',
  '$length(id) = "3"',
  '"a" = 1',
  '$exists(note) = "yes"',
  'customer.address.city = 7',
  '$uppercase(id) = 1',
  '(id & "x") = 2',
  '$sum(lines.price) > "1"',
  'discount = "none"',
];

export const wrong: readonly Wrong[] = [
  ...misfittingPairs.map(({ field, giver }): Wrong => ({ text: `{ "${field}": §${giver} }`, fact: 'misfit' })),
  ...paths.flatMap(misspelt),
  ...neverTrue.map((one): Wrong => ({ text: `{ "b": §${one} }`, fact: 'never-true' })),
  { text: '{ "t": id, "tt": §id }', fact: 'misfit' },
  { text: '{ "r": §{ "y": total } }', fact: 'misfit' },
  { text: '{ "r": { "x": §total } }', fact: 'misfit' },
  { text: '{ "r": { "x": §note } }', fact: 'may-not-fit' },
  { text: '{ "r": { "x": §customer.email } }', fact: 'may-not-fit' },
  { text: '{ "r": { "x": §$uppercase(note) } }', fact: 'may-not-fit' },
  { text: '{ "t": §reference }', fact: 'may-not-fit' },
  { text: '{ "a": §lines.sku }', fact: 'may-not-fit' },
  { text: '{ "rows": §lines.{ "x": sku } }', fact: 'may-not-fit' },
  { text: '{ "rows": §$map(lines, function($l) { { "x": $l.sku } }) }', fact: 'may-not-fit' },
  { text: '{ "rows": [lines.{ "x": §price }] }', fact: 'misfit' },
  { text: '{ "rows": [lines.{ "x": sku, "z": §price }] }', fact: 'misfit' },
  { text: '{ "rows": [lines.§{ "y": price }] }', fact: 'misfit' },
  { text: '{ "e": §"lost" }', fact: 'misfit' },
  { text: '§"text"', fact: 'misfit' },
  { text: '{ "t": customer.name.§first }', fact: 'unknown-path' },
  { text: '{ "t": total.§cents }', fact: 'unknown-path' },
  { text: '{ "t": lines[§qty > 1].sku[0] }', fact: 'unknown-path' },
  { text: '{ "n": $sum(lines.(§prize * quantity)) }', fact: 'unknown-path' },
  { text: '{ "n": $sum($map(lines, function($l) { $l.§prize })) }', fact: 'unknown-path' },
  { text: '($c := customer; { "t": $c.§nam })', fact: 'unknown-path' },
  { text: '{ "rows": [lines^(§pric).{ "x": sku }] }', fact: 'unknown-path' },
  { text: '{ "t": $.§idd }', fact: 'unknown-path' },
  { text: '{ "t": `§idd` }'.replace('`§', '§`'), fact: 'unknown-path' },
  { text: '{\n  "t": id,\n  "n": §totl\n}', fact: 'unknown-path' },
];
