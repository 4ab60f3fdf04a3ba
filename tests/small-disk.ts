// File systems of a test's own: one that is small, in memory, and one in an image file, of which a copy is what a power cut leaves.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of so many bytes at `folder`; gives what takes it away. */
export function mountSmall(folder: string, bytes: number): () => void {
  mkdirSync(folder, { recursive: true });
  run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder);
  return () => run('umount', '--lazy', folder);
}

/** Takes all room but `leftBytes`; gives what frees it. */
export function fillDisk(folder: string, leftBytes: number): () => void {
  const file = join(folder, 'filler');
  const { bavail, bsize } = statfsSync(folder);
  try {
    writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)));
  } catch (error) {
    // Somebody else took a part of it meanwhile: it is full all the same.
    if (!String(error).includes('ENOSPC')) throw error;
  }
  return () => rmSync(file);
}

/** ext4 in an image: what was written and not synced is in the kernel's memory only, and in no copy of the image. */
export class ImageDisk {
  readonly folder: string;
  private readonly base = mkdtempSync(join(tmpdir(), 'mortise-image-'));
  private readonly image = join(this.base, 'disk.img');
  private isMounted = false;

  constructor(bytes: number) {
    this.folder = join(this.base, 'mounted');
    mkdirSync(this.folder);
    run('truncate', '-s', String(bytes), this.image);
    run('mkfs.ext4', '-q', '-F', this.image);
    this.mount();
  }

  /** The power is cut: from now on the disk is as it was synced. Nothing may be writing any more. */
  cut(): void {
    const copy = `${this.image}.copy`;
    copyFileSync(this.image, copy);
    this.unmount();
    renameSync(copy, this.image);
    this.mount();
  }

  remove(): void {
    this.unmount();
    rmSync(this.base, { recursive: true });
  }

  /** The journal of the file system is written when it is asked for, and else only after minutes. */
  private mount(): void {
    run('mount', '-o', 'loop,commit=300', this.image, this.folder);
    this.isMounted = true;
  }

  private unmount(): void {
    if (this.isMounted) run('umount', this.folder);
    this.isMounted = false;
  }
}

/** Why nothing can be mounted here; undefined where it can. Below the class that it tries. */
export const noMount = reason();

function run(command: string, ...parameters: readonly string[]): void {
  execFileSync(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function reason(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root, to mount file systems';
  const base = mkdtempSync(join(tmpdir(), 'mortise-mount-'));
  try {
    mountSmall(base, 65_536)();
    const disk = new ImageDisk(16 * 1024 * 1024);
    disk.remove();
    return undefined;
  } catch (error) {
    return `needs to mount tmpfs and ext4 (Debian: util-linux, e2fsprogs): ${String(error).split('\n')[0]}`;
  } finally {
    rmSync(base, { recursive: true });
  }
}
