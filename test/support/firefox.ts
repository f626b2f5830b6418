import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { findFirefox } from './programs.ts';
import { until } from './until.ts';

/** A microphone that hums and a camera of colours, which the page may use without asking; nothing is looked up elsewhere. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.security.https_first': false,
  'intl.accept_languages': 'en-GB, en',
  'media.autoplay.default': 0,
  'media.gmp-manager.updateEnabled': false,
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};

/** https://www.w3.org/TR/webdriver2/#keyboard-actions */
const ENTER = '\uE007';

/**
 * Firefox, by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/): the few commands that a test needs. Playwright speaks that protocol too, but to newer
 * ones than Debian's ESR alone.
 */
export class Firefox {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (answer: any) => void>();
  #context = '';
  #sent = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (bytes: Buffer) => {
      const answer = JSON.parse(bytes.toString());
      this.#answers.get(answer.id)?.(answer);
      this.#answers.delete(answer.id);
    });
  }

  /** With a profile of its own; it ends with the test. */
  static async open(after: (end: () => Promise<void>) => void): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), 'parley-firefox-'));
    const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
    writeFileSync(join(profile, 'user.js'), lines.join('\n'));
    const program = spawn(findFirefox(), ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    });
    after(async () => {
      const gone = once(program, 'exit');
      if (program.exitCode === null && program.signalCode === null) {
        program.kill('SIGKILL');
        await gone;
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
    });
    const socket = new WebSocket(`${await addressOf(program.stderr)}/session`);
    await once(socket, 'open');
    const firefox = new Firefox(socket);
    await firefox.#ask('session.new', { capabilities: {} });
    firefox.#context = (await firefox.#ask('browsingContext.create', { type: 'tab' })).context;
    return firefox;
  }

  async goto(url: string): Promise<void> {
    await this.#ask('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  /** The value of an expression or of its promise, by way of JSON. */
  async evaluate(expression: string): Promise<any> {
    const { type, result, exceptionDetails } = await this.#ask('script.evaluate', {
      expression: `(async () => JSON.stringify((await (${expression})) ?? null))()`,
      target: { context: this.#context },
      awaitPromise: true,
    });
    if (type === 'exception') throw new Error(`${expression}: ${exceptionDetails.text}`);
    return JSON.parse(result.value);
  }

  async see(what: string, selector: string): Promise<void> {
    await until(`Firefox shows ${what}`, async () => this.evaluate(`document.querySelector(${JSON.stringify(selector)}) !== null`), {
      withinMs: 30_000,
    });
  }

  /** As somebody at the keyboard does. */
  async type(selector: string, text: string, { thenEnter = false } = {}): Promise<void> {
    await this.see(selector, selector);
    await this.evaluate(`document.querySelector(${JSON.stringify(selector)}).focus()`);
    const keys = [...text, ...(thenEnter ? [ENTER] : [])];
    await this.#act({
      type: 'key',
      id: 'keyboard',
      actions: keys.flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]),
    });
  }

  async press(key: string): Promise<void> {
    await this.#act({
      type: 'key',
      id: 'keyboard',
      actions: [
        { type: 'keyDown', value: key },
        { type: 'keyUp', value: key },
      ],
    });
  }

  async #act(action: object): Promise<void> {
    await this.#ask('input.performActions', { context: this.#context, actions: [action] });
  }

  async #ask(method: string, params: object): Promise<any> {
    const id = ++this.#sent;
    const answered = new Promise<any>((resolve) => this.#answers.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const answer = await answered;
    if (answer.type === 'error') throw new Error(`${method}: ${answer.error}: ${answer.message}`);
    return answer.result;
  }
}

async function addressOf(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const found = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(line);
    if (found !== null) {
      stderr.resume();
      return found[1] as string;
    }
  }
  throw new Error('Firefox ended before it could be spoken to.');
}
