// Thirty mappings as integration engineers write them, with their inputs: what the mapping benchmark evaluates.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mapOrder, orderText } from './order.ts';
import type { ShopOrder } from './order.ts';

export interface MappingCase {
  readonly name: string;
  readonly expression: string;
  readonly input: unknown;
  /** The same in plain JavaScript, where there is one. */
  readonly byHand?: (input: never) => unknown;
}

const countries = ['DE', 'DK', 'FR', 'US', 'CA'];
const lines = Array.from({ length: 1000 }, (_, at) => ({
  sku: `SKU-${String(at % 250).padStart(4, '0')}`,
  title: `Article number ${at}, blue`,
  quantity: (at % 7) + 1,
  price: 990 + ((at * 37) % 5000),
  category: `C${at % 12}`,
  country: countries[at % 5],
  shipped: at % 3 === 0,
}));
const few = lines.slice(0, 5);
const customers = Array.from({ length: 200 }, (_, at) => ({ id: at, name: `Customer ${at}`, country: countries[at % 5] }));
const orders = Array.from({ length: 400 }, (_, at) => ({
  id: `O-${at}`,
  customerId: (at * 7) % 200,
  total: at * 10,
  placed: `2026-${String((at % 12) + 1).padStart(2, '0')}-11T10:15:30.000Z`,
}));
const document = { lines, orders, customers };
const small = {
  ...(JSON.parse(orderText(1)) as ShopOrder),
  lines: few,
  tags: 'a, b,c ;d',
  amount: '1.234,50',
  placed: '2026-11-23',
};

const onSmall: Readonly<Record<string, string>> = {
  'rename fields': '{"id": name, "when": created_at, "mail": customer.email, "city": shipping_address.city}',
  'nested objects': '{"order": {"id": name, "buyer": {"mail": customer.email, "no": customer.id}}, "meta": {"source": "shop"}}',
  'default values': '{"city": shipping_address.city ? shipping_address.city : "unknown", "phone": phone ?? "none"}',
  'condition chain':
    '{"zone": shipping_address.country_code in ["DE", "FR"] ? "EU" : shipping_address.country_code = "US" ? "US" : "ROW"}',
  'array of objects': 'line_items.{"article": sku, "count": quantity, "sum": quantity * cents}',
  'sum of products': '$sum(line_items.(quantity * cents)) / 100',
  'filter by value': 'line_items[quantity > 1].sku',
  'split and trim': '$split(tags, /[,;]/) ~> $map($trim)',
  'number with comma': '$number($replace($replace(amount, ".", ""), ",", "."))',
  'text functions': '$uppercase($substringBefore(customer.email, "@")) & "-" & $pad($string(customer.id), -18, "0")',
  'date by picture': '$fromMillis($toMillis(placed, "[Y0001]-[M01]-[D01]"), "[D01].[M01].[Y0001]")',
  'regular expression': '$match(line_items[0].title, /(\\w+), (\\w+) roast/).groups',
  'map with a function': '$map(line_items, function($l, $i) { {"no": $i + 1, "sku": $l.sku} })',
  'reduce with a function': '$reduce(line_items, function($sum, $l) { $sum + $l.cents }, 0)',
  'fixed-length record': '$join(line_items.($pad(sku, 12) & $pad($string(quantity), -6, "0") & $pad(title, 40)), "\\n")',
  'merge and spread': '$merge([{"a": 1}, customer, {"source": "shop"}])',
  'sort by two terms': 'line_items^(>quantity, sku).sku',
  'variables in a block':
    '($net := $sum(line_items.(quantity * cents)); $tax := $net * 0.19; {"net": $net, "gross": $round($net + $tax)})',
  'own function': '($line := function($l) { {"sku": $l.sku, "sum": $l.quantity * $l.cents} }; line_items.$line($))',
};

const onLarge: Readonly<Record<string, string>> = {
  'transform of 1,000 lines': 'lines.{"article": sku, "text": title, "count": quantity, "sum": quantity * price}',
  'sum over 1,000 lines': '$sum(lines.(quantity * price))',
  'filter of 1,000 lines': 'lines[country = "DE" and quantity > 3].{"sku": sku, "sum": price * quantity}',
  'grouping of 1,000 lines': 'lines{category: $sum(quantity)}',
  'grouping into objects': 'lines{country: {"count": $count(sku), "sum": $sum(price), "skus": $distinct(sku)}}',
  'sort of 1,000 lines': 'lines^(>price, sku).sku',
  'text of 1,000 lines': '$join(lines.(sku & ";" & title & ";" & $string(quantity)), "\\n")',
  'functions over 1,000 lines': '$map($filter(lines, function($l) { $l.shipped }), function($l) { $uppercase($l.sku) })',
  'distinct of 1,000 lines': '$distinct(lines.category)',
  'join by key': 'customers.($c := $; {"name": name, "orders": [$$.orders[customerId = $c.id].id]})',
};

export const orderCase: MappingCase = {
  name: 'order',
  expression: readFileSync(join(import.meta.dirname, 'projects/intake/maps/order.jsonata'), 'utf8'),
  input: JSON.parse(orderText(1)),
  byHand: mapOrder as (input: never) => unknown,
};

export const mappingCases: readonly MappingCase[] = [
  orderCase,
  ...Object.entries(onSmall).map(([name, expression]) => ({ name, expression, input: small })),
  ...Object.entries(onLarge).map(([name, expression]) => ({ name, expression, input: document })),
];
