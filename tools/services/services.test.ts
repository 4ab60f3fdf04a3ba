// The services of connectors' tests, read from made-up folders.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCommand, readServices } from './services.ts';

const ftpd = { name: 'ftpd', command: 'vsftpd', debian: ['vsftpd'] };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortise-services-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(connector: string, text: string): void {
  mkdirSync(join(root, 'connectors', connector), { recursive: true });
  writeFileSync(join(root, 'connectors', connector, 'services.yaml'), text);
}

describe('readServices', () => {
  it('finds nothing where nothing is needed', () => {
    write('log', '# Nothing.\nservices: {}\n');
    expect(readServices(root)).toEqual([]);
  });

  it('names each service once', () => {
    write('ftp', 'services:\n  ftpd: { command: vsftpd, debian: [vsftpd] }\n');
    write('ftps', 'services:\n  ftpd: { command: vsftpd, debian: [vsftpd] }\n');
    expect(readServices(root)).toEqual([ftpd]);
  });

  it.each([
    '',
    'services: vsftpd\n',
    'services: [vsftpd]\n',
    'services: { ftpd: vsftpd }\n',
    'services: { ftpd: { command: vsftpd } }\n',
  ])('refuses %j, and names the file', (text) => {
    write('ftp', text);
    expect(() => readServices(root)).toThrow('connectors/ftp/services.yaml');
  });
});

describe('findCommand', () => {
  it('finds a program on the path, and none that is not there or cannot run', () => {
    const program = join(root, 'vsftpd');
    const path = [join(root, 'absent'), root].join(delimiter);
    expect(findCommand(ftpd, path)).toBeUndefined();
    writeFileSync(program, '');
    chmodSync(program, 0o755);
    expect(findCommand(ftpd, path)).toBe(program);
  });

  it('finds a program in a folder of its own beside the path, the latest version first', () => {
    const folders = [join(root, 'lib', '*', 'bin')];
    for (const version of ['14', '15']) {
      mkdirSync(join(root, 'lib', version, 'bin'), { recursive: true });
      writeFileSync(join(root, 'lib', version, 'bin', 'vsftpd'), '');
    }
    expect(findCommand(ftpd, join(root, 'absent'), folders)).toBeUndefined();
    for (const version of ['14', '15']) chmodSync(join(root, 'lib', version, 'bin', 'vsftpd'), 0o755);
    expect(findCommand(ftpd, join(root, 'absent'), folders)).toBe(join(root, 'lib', '15', 'bin', 'vsftpd'));
  });
});
