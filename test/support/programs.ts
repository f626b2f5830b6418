import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that tests need and npm does not bring. The folders are looked through before PATH. */
interface Program {
  name: string;
  debianPackage: string;
  folders: () => readonly string[];
}

const OLDEST_POSTGRES = 15;
/** 15 and later, the newest first; other systems' usual places after Debian's. */
const POSTGRES: Program = {
  name: 'postgres',
  debianPackage: 'postgresql',
  folders: () => [
    ...numberedFolders('/usr/lib/postgresql', '', 'bin'),
    ...numberedFolders('/opt/homebrew/opt', 'postgresql@', 'bin'),
    ...numberedFolders('/usr', 'pgsql-', 'bin'),
  ],
};
const PGBOUNCER: Program = { name: 'pgbouncer', debianPackage: 'pgbouncer', folders: () => ['/usr/sbin'] };
const NGINX: Program = { name: 'nginx', debianPackage: 'nginx-light', folders: () => ['/usr/sbin'] };
const JANUS: Program = { name: 'janus', debianPackage: 'janus', folders: () => ['/usr/bin'] };

const PROSODY: Program = { name: 'prosody', debianPackage: 'prosody', folders: () => ['/usr/bin'] };
const CHROMIUM: Program = { name: 'chromium', debianPackage: 'chromium', folders: () => ['/usr/bin'] };
const FIREFOX: Program = { name: 'firefox-esr', debianPackage: 'firefox-esr', folders: () => ['/usr/bin'] };
const COTURN: Program = { name: 'turnserver', debianPackage: 'coturn', folders: () => ['/usr/bin'] };

/** Shells whose completions are tried; bash's are in a package of their own. */
const BASH_COMPLETION: Program = {
  name: 'bash_completion',
  debianPackage: 'bash-completion',
  folders: () => ['/usr/share/bash-completion'],
};
const ZSH: Program = { name: 'zsh', debianPackage: 'zsh', folders: () => ['/usr/bin'] };
const FISH: Program = { name: 'fish', debianPackage: 'fish', folders: () => ['/usr/bin'] };

/** The folder with `postgres`, `initdb` and the others. */
export const findPostgres = (): string => find(POSTGRES).replace(/\/postgres$/, '');
export const findPgBouncer = (): string => find(PGBOUNCER);
export const findNginx = (): string => find(NGINX);
export const findJanus = (): string => find(JANUS);
export const findProsody = (): string => find(PROSODY);
export const findChromium = (): string => find(CHROMIUM);
export const findFirefox = (): string => find(FIREFOX);
export const findBashCompletion = (): string => find(BASH_COMPLETION);
export const findZsh = (): string => find(ZSH);
export const findFish = (): string => find(FISH);
export const findCoturn = (): string => find(COTURN);

/** The program's path; on a Debian machine its package is installed first, where it is missing and this user may. */
function find(program: Program): string {
  const path = look(program);
  if (path !== undefined) return path;
  install(program);
  const installed = look(program);
  if (installed === undefined) throw new Error(howToInstall(program));
  return installed;
}

function look({ name, folders }: Program): string | undefined {
  return [...folders(), ...(process.env.PATH ?? '').split(delimiter)].map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function numberedFolders(root: string, prefix: string, folder: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .map((name) => ({ name, version: name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN }))
    .filter(({ version }) => version >= OLDEST_POSTGRES)
    .toSorted((a, b) => b.version - a.version)
    .map(({ name }) => join(root, name, folder));
}

/** Suites that run side by side may install at once. */
const PATIENTLY = ['-o', 'DPkg::Lock::Timeout=120'];
const POLICY = '/usr/sbin/policy-rc.d';

/** Only what is needed, and no daemon of it is started: https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt */
function install({ debianPackage }: Program): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stderr.write(`Installing Debian's ${debianPackage}, which the tests need.\n`);
  const hasPolicy = existsSync(POLICY);
  if (!hasPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const run = (...args: string[]): boolean =>
      spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
        .status === 0;
    const installPackage = (): boolean => run('install', '-y', '--no-install-recommends', ...PATIENTLY, debianPackage);
    if (!installPackage() && run('update')) installPackage();
  } finally {
    if (!hasPolicy) rmSync(POLICY, { force: true });
  }
}

function howToInstall({ name, debianPackage }: Program): string {
  return `There is no ${name} on this machine. Install it (Debian: sudo apt-get install ${debianPackage}) and run this again.`;
}
