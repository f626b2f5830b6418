import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { environmentWith, PARLEY, runParley } from '../support/process.ts';
import { findBashCompletion, findFish, findZsh } from '../support/programs.ts';
import { makeDataDir } from '../support/server.ts';
import { testsWith } from '../support/tests-with.ts';

const run = promisify(execFile);

/** A home with one profile, and a PATH on which `parley` is. */
async function prepare(shell: string): Promise<{ home: string; script: string; env: NodeJS.ProcessEnv }> {
  const home = makeDataDir();
  mkdirSync(join(home, 'bin'));
  symlinkSync(PARLEY, join(home, 'bin/parley'));
  mkdirSync(join(home, 'config/parley'), { recursive: true });
  writeFileSync(join(home, 'config/parley/profiles.json'), '{"staging":{"url":"https://s.example/","token":"t"}}', { mode: 0o600 });
  const script = join(home, `parley.${shell}`);
  const printed = await runParley(['completion', shell]);
  assert.deepEqual([printed.code, printed.stderr], [0, '']);
  writeFileSync(script, printed.stdout);
  const path = [join(home, 'bin'), join(process.execPath, '..'), process.env.PATH].join(delimiter);
  return { home, script, env: environmentWith({ HOME: home, XDG_CONFIG_HOME: join(home, 'config'), PATH: path }) };
}

/** What is typed, and what one of the completions is. The last word is the one that is being typed. */
const TYPED: readonly [words: string[], completion: string][] = [
  [['pro'], 'provision'],
  [['tok'], 'token'],
  [['token', 'rev'], 'revoke'],
  [['show', '--ext'], '--external-id'],
  [['find', '--status', 'inac'], 'inactive'],
  [['show', '--profile', ''], 'staging'],
];

const bash = testsWith('bash-completion', findBashCompletion);
bash('bash completes commands, options, their values and profiles, and runs nothing that is being typed', async () => {
  const { home, script, env } = await prepare('bash');
  const ask = async (words: string[]): Promise<string[]> => {
    const source = `source ${findBashCompletion()}; source ${script}; source ${script}
      COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}
      __parley_complete parley 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await run('bash', ['-c', source, 'bash', 'parley', ...words], { env, cwd: home });
    assert.equal(stderr, '');
    return stdout.trim().split('\n');
  };
  for (const [words, completion] of TYPED) assert.ok((await ask(words)).includes(completion), words.join(' '));
  await ask(['find', '$(touch ran)', '--st']);
  assert.ok(!existsSync(join(home, 'ran')));
});

const zsh = testsWith('zsh', findZsh);
zsh('zsh completes the same', async () => {
  const { home, script, env } = await prepare('zsh');
  const ask = async (words: string[]): Promise<string> => {
    const source = `compdef() { : }; compadd() { : }; _describe() { print -l -- "\${completions[@]}" }; source ${script}
      words=(parley "$@"); CURRENT=\${#words}; _parley`;
    return (await run('zsh', ['-fc', source, 'zsh', ...words], { env, cwd: home })).stdout;
  };
  for (const [words, completion] of TYPED) assert.match(await ask(words), new RegExp(`^${completion}(:|$)`, 'm'), words.join(' '));
  await ask(['find', '$(touch ran)', '--st']);
  assert.ok(!existsSync(join(home, 'ran')));
});

const fish = testsWith('fish', findFish);
fish('fish completes the same', async () => {
  const { home, script, env } = await prepare('fish');
  for (const [words, completion] of [...TYPED, [['find', '(touch ran)', '--st'], '--status'] as [string[], string]]) {
    const line = ['parley', ...words].join(' ');
    const { stdout } = await run('fish', ['-c', `source ${script}; complete -C "$argv[1]"`, line], { env, cwd: home });
    assert.match(stdout, new RegExp(`^${completion}(\\t|$)`, 'm'), line);
  }
  assert.ok(!existsSync(join(home, 'ran')));
});

test('another shell is refused', async () => {
  const { code, stderr } = await runParley(['completion', 'tcsh']);
  assert.equal(code, 2);
  assert.match(stderr, /Allowed choices are zsh, bash, fish/);
});
