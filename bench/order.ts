// The order that every contender takes, and its mapping in plain JavaScript; the projects hold the same mapping as JSONata.

interface Line {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly cents: number;
}

/** A shop's order: 1 KiB of JSON. */
export interface ShopOrder {
  readonly name: string;
  /** When the request was due, in microseconds of the monotonic clock plus `stampOffset`: for the latency from end to end. */
  readonly stamp: number;
  readonly created_at: string;
  readonly currency: string;
  readonly customer: { readonly id: number; readonly email: string };
  readonly shipping_address: { readonly name: string; readonly city: string; readonly country_code: string };
  readonly line_items: readonly Line[];
  readonly note: string;
}

export const bodyBytes = 1024;
/** Added to the clock, so that a stamp always has 15 digits: it can be overwritten in place, and is read as any number. */
export const stampOffset = 100_000_000_000_000;
export const numberDigits = 10;

/** The order's name: what tells one order from another. */
export function orderName(number: number): string {
  return `S-${String(number).padStart(numberDigits, '0')}`;
}

/** The order as the sender's JSON, `bodyBytes` long. */
export function orderText(number: number): string {
  const shortBytes = bodyBytes - JSON.stringify(shopOrder(number, '')).length;
  return JSON.stringify(shopOrder(number, 'x'.repeat(shortBytes)));
}

function shopOrder(number: number, note: string): ShopOrder {
  const lines = [
    'Coffee, dark roast, 250 g',
    'Coffee, light roast, 1 kg',
    'Filter papers, size 4, 100 pieces',
    'Mug, blue, 300 ml',
  ];
  return {
    name: orderName(number),
    stamp: stampOffset,
    created_at: '2026-11-23T10:15:30+01:00',
    currency: 'EUR',
    customer: { id: 115310627314723, email: 'ada.example@shop.example' },
    shipping_address: { name: 'Ada Example', city: 'Flensburg', country_code: 'DE' },
    line_items: lines.map((title, index) => ({
      sku: `SKU-${index + 1}000`,
      title,
      quantity: index + 1,
      cents: 890 + 105 * index,
    })),
    note,
  };
}

/** The mapping of the bare servers. It gives what `maps/order.jsonata` gives. */
export function mapOrder(order: ShopOrder) {
  return {
    orderId: order.name,
    placedAt: order.created_at,
    currency: order.currency,
    customer: order.customer.email,
    country: order.shipping_address.country_code,
    lines: order.line_items.map(({ sku, quantity, cents }) => ({ sku, quantity, total: quantity * cents })),
    total: order.line_items.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0),
    stamp: order.stamp,
  };
}
