// Opens a link in the browser of whoever sits here. The link logs in: it goes by a file that only they can read, since arguments of processes can be seen by all.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};
/** So long the file stands; the link in it holds only once. */
const keptMs = 30_000;

/** Where there is no browser nothing happens: the link stands in the terminal too. Gives what removes the file. */
export function openInBrowser(link: string): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-open-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const file = join(folder, 'console.html');
  const target = link.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const page = `<!doctype html><meta charset="utf-8"><title>Mortise</title><meta http-equiv="refresh" content="0; url=${target}">\n`;
  writeFileSync(file, page, { mode: 0o600 });
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const opener = spawn(command, [...args, file], { stdio: 'ignore', detached: true });
  opener.on('error', remove);
  opener.unref();
  const timer = setTimeout(remove, keptMs).unref();
  return () => {
    clearTimeout(timer);
    remove();
  };
}
