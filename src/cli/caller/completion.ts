import type { RootCommand } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { readCallerSettings } from '../../config/caller.ts';
import { readProfiles } from './profiles.ts';

const DESCRIPTION = 'print the completions for bash, zsh, fish or powershell';
const EXAMPLES = `
Examples:
  source <(parley completion bash)                                    # for this shell; needs the package bash-completion
  parley completion bash > ~/.local/share/bash-completion/completions/parley
  parley completion zsh > ~/.zfunc/_parley                            # a folder of $fpath
  parley completion fish > ~/.config/fish/completions/parley.fish`;

/** Adds `parley completion <shell>`, and `parley complete -- <words>`, which the shells call. */
export function addCompletion(program: Command): void {
  const completion = tab(program, { completionCommandName: 'completion' });
  program.commands
    .find((command) => command.name() === 'completion')
    ?.description(DESCRIPTION)
    .addHelpText('after', EXAMPLES)
    .action((shell: string) => void process.stdout.write(`${scriptFor(completion, shell)}\n`));
  for (const command of completion.commands.values()) {
    const profile = command.options.get('profile');
    if (profile !== undefined)
      profile.handler = (complete) => {
        for (const [name, { url }] of readProfiles(readCallerSettings().profilesPath)) complete(name, url);
      };
  }
}

/** The library prints its script. That for bash is evaluated with what was typed, which is quoted here: a substitution that is only being typed must not run. */
function scriptFor(completion: RootCommand, shell: string): string {
  const printed: string[] = [];
  const { log } = console;
  console.log = (text: string) => void printed.push(text);
  try {
    completion.setup('parley', 'parley', shell);
  } finally {
    console.log = log;
  }
  return printed
    .join('\n')
    .replace('parley complete -- ${words[@]:1}', 'parley complete -- $(printf \'%q \' "${words[@]:1}")')
    .replaceAll(/^readonly (?=ShellComp)/gm, '');
}
