// What the receiver has counted so far.

import { host, receiverPort } from './addresses.ts';
import type { ReceiverReport } from './receiver.ts';

export async function askReceiver(): Promise<ReceiverReport> {
  return (await (await fetch(`http://${host}:${receiverPort}/`)).json()) as ReceiverReport;
}
