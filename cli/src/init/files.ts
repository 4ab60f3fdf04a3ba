// The project that "mortise init" writes: small, whole, and with a test.

/** The text of each file, by its path in the project. */
export function projectFiles(name: string): Readonly<Record<string, string>> {
  return {
    '.gitignore': ignored,
    'mortise.yaml': settings(name),
    'systems/shop.yaml': shop,
    'systems/warehouse.yaml': warehouse,
    'systems/console.yaml': console,
    'models/order.schema.json': orderModel,
    'flows/shop-orders.yaml': shopOrders,
    'fixtures/shop-order.json': shopOrder,
    'tests/order-goes-to-warehouse.yaml': orderTest,
    'tests/empty-order-is-ignored.yaml': emptyOrderTest,
  };
}

const ignored = '.mortise/\ndata/\n';

const settings = (
  name: string,
): string => `# What this project is called, and where it listens. Everything else has a folder of its own.
name: ${name}
listeners:
  inbound: 127.0.0.1:8081 # where other systems send their messages
  control: 127.0.0.1:8080 # what the mortise command asks
`;

const shop = `# The web shop: tells us of every order.
connector: http
inbounds:
  order-created:
    uses: webhook
    path: /shop/orders
    # Fine as long as the listener is on 127.0.0.1. Before anyone else can reach it, let the shop prove who it is:
    # verify: { scheme: api-key, secret: env:SHOP_API_KEY }
    verify: { scheme: none }
`;

const warehouse = `# The warehouse: picks up a file for each order.
connector: file
connection: { folder: data/warehouse, create: true }
outbounds:
  drop-order: { uses: write, name: "ORDER-\${orderId}.json", format: json }
`;

const console = `# The engine's own log.
connector: log
outbounds:
  line: { uses: write, text: "Order \${orderId} of \${customer} went to the warehouse" }
`;

const orderModel = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "An order, as all systems share it",
  "type": "object",
  "required": ["orderId", "customer", "lines", "total"],
  "additionalProperties": false,
  "properties": {
    "orderId": { "type": "string", "minLength": 1 },
    "customer": { "type": "string" },
    "lines": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "required": ["sku", "quantity"],
        "properties": { "sku": { "type": "string" }, "quantity": { "type": "integer", "minimum": 1 } }
      }
    },
    "total": { "type": "string", "pattern": "^[0-9]+\\\\.[0-9]{2}$" }
  }
}
`;

const shopOrders = `name: shop-orders
description: Orders of the web shop become files for the warehouse.
from: { system: shop, inbound: order-created }
steps:
  - filter: $count(items) > 0
  - map: |
      {
        "orderId": $string(id),
        "customer": customer.email,
        "lines": [items.{ "sku": sku, "quantity": qty }],
        "total": $formatNumber(total, "0.00")
      }
  - validate: order@1
  - track: { order: orderId }
to:
  - { system: warehouse, outbound: drop-order }
  - { system: console, outbound: line }
`;

const shopOrder = `{
  "id": 4711,
  "customer": { "email": "ada@example.com" },
  "items": [
    { "sku": "CUP-BLUE", "qty": 2 },
    { "sku": "PLATE", "qty": 6 }
  ],
  "total": 99.9
}
`;

const orderTest = `flow: shop-orders
given:
  body: { file: fixtures/shop-order.json }
expect:
  - to: warehouse.drop-order
    body:
      orderId: "4711"
      customer: ada@example.com
      lines: [{ sku: CUP-BLUE, quantity: 2 }, { sku: PLATE, quantity: 6 }]
      total: "99.90"
    exact: true
  - to: console.line
`;

const emptyOrderTest = `flow: shop-orders
given:
  body: { id: 4712, customer: { email: ada@example.com }, items: [], total: 0 }
outcome: filtered
`;
