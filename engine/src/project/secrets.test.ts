// Secrets: references become texts at any depth, and no error holds a secret.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { field } from '@mortise/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { load, goodProject } from './project.fixture.ts';
import { missingSecrets, openSecrets } from './secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-secrets-'));
  mkdirSync(join(folder, 'secrets'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeSecret(name: string, text: string, mode = 0o600): void {
  writeFileSync(join(folder, 'secrets', name), text);
  chmodSync(join(folder, 'secrets', name), mode);
}

const secret = field.secret({ doc: 'A secret.' });
const fields = {
  user: field.text({ doc: 'A text.' }),
  password: secret,
  auth: field.oneOf(
    [
      field.group({ bearer: secret }, { doc: 'One.' }),
      field.group({ basic: field.group({ user: field.text({ doc: 'A.' }), password: secret }, { doc: 'B.' }) }, { doc: 'Two.' }),
    ],
    { doc: 'Either.', optional: true },
  ),
  keys: field.oneOf([secret, field.list(secret, { doc: 'Several.' })], { doc: 'One or several.', optional: true }),
  headers: field.record(secret, { doc: 'By name.', optional: true }),
};

describe('secrets', () => {
  it('come from the environment and from files, at any depth', () => {
    writeSecret('erp-db', 's3cret\n');
    writeSecret('crlf', 'a\nb\r\n');
    const { resolve } = openSecrets(folder, { TOKEN: 't0ken' });
    expect(
      resolve(fields, {
        user: 'env:TOKEN',
        password: 'secret:erp-db',
        auth: { basic: { user: 'secret:erp-db', password: 'env:TOKEN' } },
        keys: ['env:TOKEN', 'secret:crlf'],
        headers: { 'x-key': 'env:TOKEN' },
        more: 'env:TOKEN',
      }),
    ).toEqual({
      user: 'env:TOKEN',
      password: 's3cret',
      auth: { basic: { user: 'secret:erp-db', password: 't0ken' } },
      keys: ['t0ken', 'a\nb'],
      headers: { 'x-key': 't0ken' },
      more: 'env:TOKEN',
    });
    expect(resolve(fields, { keys: 'env:TOKEN', auth: { bearer: 'env:TOKEN' } })).toEqual({
      keys: 't0ken',
      auth: { bearer: 't0ken' },
    });
  });

  it.each([
    ['env:NONE', 'MORTISE_PROJECT_SECRET_UNSET', /NONE is not set/],
    ['env:EMPTY', 'MORTISE_PROJECT_SECRET_UNSET', /EMPTY is empty/],
    ['env:toString', 'MORTISE_PROJECT_SECRET_UNSET', /toString is not set/],
    ['secret:none', 'MORTISE_PROJECT_SECRET_UNSET', /no secret "none"/],
    ['secret:empty', 'MORTISE_PROJECT_SECRET_UNSET', /empty/],
    ['secret:long', 'MORTISE_PROJECT_SECRET_UNSET', /longer than 65536 bytes/],
    ['secret:..', 'MORTISE_PROJECT_SECRET_UNSET', /no name/],
    ['secret:open', 'MORTISE_PROJECT_SECRET_EXPOSED', /0644/],
    ['secret:group', 'MORTISE_PROJECT_SECRET_EXPOSED', /0640/],
  ])('cannot be had: %s', (reference, code, message) => {
    writeSecret('empty', '\n');
    writeSecret('long', 'hunter2'.repeat(10_000));
    writeSecret('open', 'hunter2', 0o644);
    writeSecret('group', 'hunter2', 0o640);
    const text = () => openSecrets(folder, { EMPTY: '' }).text(reference);
    expect(text).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
    expect(text).not.toThrow(/hunter2/);
  });

  it.skipIf(process.getuid?.() === 0)('cannot be had where the file may not be read (needs another user than root)', () => {
    writeSecret('mine', 'hunter2', 0o200);
    expect(() => openSecrets(folder, {}).text('secret:mine')).toThrow(
      expect.objectContaining({ code: 'MORTISE_PROJECT_SECRET_UNSET' }),
    );
  });
});

describe('the secrets of a project', () => {
  it('are errors with their places for whoever wants to run it', async () => {
    const { secrets } = await load(goodProject);
    expect(missingSecrets(secrets, openSecrets(folder, { SHOP_SECRET: 'x', CRM_TOKEN: 'y' }))).toEqual([]);
    const missing = missingSecrets(secrets, openSecrets(folder, { SHOP_SECRET: 'x' }));
    expect(missing).toMatchObject([
      {
        code: 'MORTISE_PROJECT_SECRET_UNSET',
        severity: 'error',
        file: 'systems/crm.yaml',
        line: 4,
        column: 19,
        remedy: expect.stringContaining('CRM_TOKEN'),
      },
    ]);
  });

  it('are found in what a flow writes in place', async () => {
    const flow =
      'from:\n  system: shop\n  inbound: webhook\n  path: /in\n  verify: { scheme: api-key, secret: secret:shop-key }\nto: { channel: orders }\n';
    const { secrets, problems } = await load({ ...goodProject, 'flows/in-place.yaml': flow });
    expect(problems).toEqual([]);
    expect(secrets).toContainEqual({ reference: 'secret:shop-key', place: { file: 'flows/in-place.yaml', line: 5, column: 38 } });
  });
});
