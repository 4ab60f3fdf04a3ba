// ISO-2022-JP (RFC 1468, with the half-width kana of JIS X 0201), which HL7 in Japan uses: escape sequences switch the character set.

import { characterEncodings } from '@mortise/sdk';

const reader = new TextDecoder('iso-2022-jp', { fatal: true });

type Shift = 'ascii' | 'kana' | 'kanji';

const shifts: Readonly<Record<Shift, string>> = { ascii: '\u001b(B', kana: '\u001b(I', kanji: '\u001b$B' };
const [kanaLead, threeBytesLead] = [0x8e, 0x8f];

export const iso2022Jp = { decode: decodeJapanese, encode: encodeJapanese };

function decodeJapanese(bytes: Uint8Array): string | undefined {
  try {
    return reader.decode(bytes);
  } catch {
    return undefined;
  }
}

/** By way of EUC-JP, whose two bytes are those of JIS X 0208 with the highest bit set. Every line begins and ends in ASCII. */
function encodeJapanese(text: string): Uint8Array | undefined {
  const euc = text.includes('\u001b') ? undefined : characterEncodings['euc-jp'].encode(text);
  if (!euc) return undefined;
  const parts: Buffer[] = [];
  let shift: Shift = 'ascii';
  for (let at = 0; at < euc.length; ) {
    const lead = euc[at] ?? 0;
    if (lead === threeBytesLead) return undefined;
    const next: Shift = lead < 0x80 ? 'ascii' : lead === kanaLead ? 'kana' : 'kanji';
    if (next !== shift) parts.push(Buffer.from(shifts[next], 'latin1'));
    shift = next;
    const length = next === 'ascii' ? 1 : 2;
    const bytes = euc.subarray(next === 'kana' ? at + 1 : at, at + length);
    parts.push(Buffer.from(bytes.map((byte) => byte & 0x7f)));
    at += length;
  }
  if (shift !== 'ascii') parts.push(Buffer.from(shifts.ascii, 'latin1'));
  return Buffer.concat(parts);
}
