// The file connector through the conformance kit, on real folders.

import { appendFileSync, renameSync } from 'node:fs';
import { connectorKit } from '@mortise/sdk/testing';
import type { InboundStage, OutboundStage, PingStage } from '@mortise/sdk/testing';
import { ping } from './client.ts';
import connector from './connector.ts';
import { testFolder } from './fixtures/folders.ts';
import { inbounds } from './inbound.ts';
import { outbounds } from './outbound.ts';

const noConnection = 'a folder has no connection that could be cut or stall';
const noCredentials = 'a folder has no credentials';

connectorKit({
  connector,
  folder: import.meta.dirname,
  inbounds,
  outbounds,
  ping,
  scenarios: {
    inbounds: { read: { setUp: readStage, skip: { badCredentials: noCredentials } } },
    outbounds: {
      write: {
        setUp: writeStage,
        skip: {
          busy: 'a folder never asks to be left alone',
          stallBeforeSend: noConnection,
          stallAnswer: noConnection,
          cutWhileSending: noConnection,
          cutBeforeAnswer: noConnection,
          badCredentials: noCredentials,
        },
      },
    },
    ping: { setUp: pingStage, skip: { badCredentials: noCredentials } },
  },
});

function readStage(): InboundStage {
  const folder = testFolder();
  const [name, body] = [(n: number) => `order-${n}.txt`, (n: number) => `order ${n}`];
  const deliver = (n: number) => folder.write(name(n), body(n));
  return {
    connection: { folder: folder.path },
    options: { settle: '0ms' },
    deliver,
    body,
    acknowledged: (n) => folder.has('.done', name(n)) && !folder.has(name(n)),
    repeat: deliver,
    half(n) {
      folder.write(`${name(n)}.part`, body(n).slice(0, 3));
      return Promise.resolve({
        finish() {
          appendFileSync(folder.at(`${name(n)}.part`), body(n).slice(3));
          renameSync(folder.at(`${name(n)}.part`), folder.at(name(n)));
        },
      });
    },
    down: folder.down,
    up: folder.up,
    close: folder.remove,
  };
}

function writeStage(): OutboundStage {
  const folder = testFolder();
  return {
    connection: { folder: folder.path },
    options: { name: 'order.txt', ifExists: 'suffix' },
    body: (n) => `order ${n}`,
    effects: () => folder.visible().length,
    received: () => folder.read('order.txt'),
    down: folder.down,
    up: folder.up,
    refuse: () => ({ options: { name: '../order.txt' } }),
    freed: () => folder.names().length === folder.visible().length,
    close: folder.remove,
  };
}

function pingStage(): PingStage {
  const folder = testFolder();
  return { connection: { folder: folder.path }, down: folder.down, close: folder.remove };
}
