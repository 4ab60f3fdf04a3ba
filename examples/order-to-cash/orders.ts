// Makes orders as the web shop of the demo would send them: invented customers and articles, amounts that add up.

/** An order as the shop's webhook carries it: models/shop-order.schema.json says what of it is used. */
export interface ShopOrder {
  /** Up to 19 digits: beyond what a JavaScript number holds, so it is text here and a number in the JSON. */
  readonly id: string;
  readonly name: string;
  readonly [name: string]: unknown;
}

/** A number from 0 up to 1, without the 1. */
type Random = () => number;

interface Article {
  readonly sku: string;
  readonly title: string;
  readonly cents: number;
  /** Whether it can be touched: a download is never picked. */
  readonly ships: boolean;
}

const articles: readonly [Article, ...Article[]] = [
  { sku: 'KAFFEE-0250', title: 'Kaffee „Morgenröte“, 250 g', cents: 890, ships: true },
  { sku: 'KAFFEE-1000', title: 'Kaffee „Morgenröte“, 1 kg', cents: 2990, ships: true },
  { sku: 'TEE-SENCHA-100', title: 'Sencha 煎茶, 100 g', cents: 1240, ships: true },
  { sku: 'TASSE-BLAU', title: 'Mug, ø 9 cm, blue', cents: 1450, ships: true },
  { sku: 'FILTER-4', title: 'Filter Nº 4, 100 pieces', cents: 349, ships: true },
  { sku: 'KURS-BARISTA', title: 'Course “Barista at home” (video)', cents: 4900, ships: false },
];

const customers = [
  customer('115310627314723950', 'Zoë', 'Müller', 'zoe.mueller@example.de', [
    'Große Straße 12',
    null,
    '24937',
    'Flensburg',
    null,
    'DE',
  ]),
  customer('115310627314723951', 'Ayşe', 'Yılmaz', 'ayse.yilmaz@example.de', [
    'Weserstraße 7',
    'Hinterhaus',
    '12047',
    'Berlin',
    null,
    'DE',
  ]),
  customer('115310627314723952', 'Łukasz', 'Wiśniewski', 'lukasz.wisniewski@example.pl', [
    'ul. Źródlana 3/5',
    null,
    '80-282',
    'Gdańsk',
    null,
    'PL',
  ]),
  customer('115310627314723953', 'Inés', 'García', 'ines.garcia@example.com', [
    '418 Villita St',
    'Unit 2',
    '78205',
    'San Antonio',
    'TX',
    'US',
  ]),
  customer('115310627314723954', 'Seán', 'O’Brien', 'sean.obrien@example.com', [
    '92 Piñon Rd',
    null,
    '87505',
    'Santa Fe',
    'NM',
    'US',
  ]),
  customer('115310627314723955', '花子', '山田', 'hanako@example.com', ['11 W 53rd St', null, '10019', 'New York', 'NY', 'US']),
] as const;

/** The order of that number. The same number and the same random numbers give the same order. */
export function makeOrder(number: number, random: Random, createdAt: Date = new Date()): ShopOrder {
  const { address, ...buyer } = pick(customers, random);
  const isDiscounted = random() < 0.3;
  const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => makeLine(number, index, isDiscounted, random));
  const discount = sum(lines.map((line) => line.discount));
  const goods = sum(lines.map((line) => line.cents));
  const shipping = goods > 4000 ? 0 : 490;
  const total = goods - discount + shipping;
  return {
    id: `820982911${String(number).padStart(9, '0')}`,
    name: `LI-${number}`,
    created_at: createdAt.toISOString(),
    currency: address.country_code === 'US' ? 'USD' : 'EUR',
    customer: buyer,
    shipping_address: address,
    billing_address: address,
    line_items: lines.map(({ item }) => item),
    discount_codes: isDiscounted ? [{ code: 'HERBST10', type: 'percentage', amount: '10.0' }] : [],
    shipping_lines: [{ title: shipping === 0 ? 'Free shipping' : 'Standard', price: amount(shipping) }],
    total_discounts: amount(discount),
    total_tax: amount(address.country_code === 'US' ? 0 : Math.round((total * 19) / 119)),
    total_price: amount(total),
    note: random() < 0.2 ? 'Bitte beim Nachbarn abgeben 📦' : null,
  };
}

/** The order as the shop writes it: its ids are numbers with all their digits. */
export function orderAsJson(order: object): string {
  return JSON.stringify(order, (name, value: unknown) =>
    name === 'id' && typeof value === 'string' ? JSON.rawJSON(value) : value,
  );
}

function makeLine(number: number, index: number, isDiscounted: boolean, random: Random) {
  const { sku, title, cents: price, ships } = pick(articles, random);
  const quantity = 1 + Math.floor(random() * 3);
  const cents = price * quantity;
  const discount = isDiscounted ? Math.round(cents / 10) : 0;
  const item = {
    id: `466157049${String(number * 10 + index).padStart(10, '0')}`,
    sku,
    title,
    quantity,
    price: amount(price),
    requires_shipping: ships,
    discount_allocations: discount === 0 ? [] : [{ amount: amount(discount), discount_application_index: 0 }],
  };
  return { item, cents, discount };
}

type Address = readonly [
  street: string,
  more: string | null,
  zip: string,
  city: string,
  province: string | null,
  country: string,
];

function customer(id: string, first_name: string, last_name: string, email: string, address: Address) {
  const [address1, address2, zip, city, province_code, country_code] = address;
  const name = `${first_name} ${last_name}`;
  return { id, first_name, last_name, email, address: { name, address1, address2, zip, city, province_code, country_code } };
}

function amount(cents: number): string {
  return (cents / 100).toFixed(2);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function pick<T>(choices: readonly [T, ...T[]], random: Random): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}
