import type { JobState } from './jobs/job.ts';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { PASS_CODE_SPACE } from './domain/pass-code.ts';

/** What a running server can be asked about itself. Names and units after Prometheus's conventions; no tenant's data in any label. */
export class Metrics {
  readonly registry = new Registry();

  readonly requests = new Counter({
    name: 'parley_http_requests_total',
    help: 'HTTP requests answered, by route and status.',
    labelNames: ['route', 'status'] as const,
    registers: [this.registry],
  });

  readonly latency = new Histogram({
    name: 'parley_http_request_duration_seconds',
    help: 'Time from the first byte read to the answer handed over, by route.',
    labelNames: ['route'] as const,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });

  readonly failures = new Counter({
    name: 'parley_failures_total',
    help: 'Requests refused or failed, by error code.',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });

  readonly provisions = new Counter({
    name: 'parley_provisions_total',
    help: 'Provisions acknowledged, by outcome.',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });

  readonly platformCalls = new Counter({
    name: 'parley_platform_calls_total',
    help: 'Calls to the remote platform, by call and outcome.',
    labelNames: ['call', 'outcome'] as const,
    registers: [this.registry],
  });

  readonly webhookAttempts = new Counter({
    name: 'parley_webhook_attempts_total',
    help: 'Attempts to deliver an event to a webhook, by outcome.',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });

  readonly admissions = new Counter({
    name: 'parley_admissions_total',
    help: 'Answers to bridges, by what they said.',
    labelNames: ['action'] as const,
    registers: [this.registry],
  });

  readonly admissionMisses = new Counter({
    name: 'parley_admission_misses_total',
    help: 'Pass codes that were looked up and opened nothing, by why. The answer does not say why.',
    labelNames: ['why'] as const,
    registers: [this.registry],
  });

  readonly admissionThrottled = new Counter({
    name: 'parley_admission_throttled_total',
    help: 'Pass codes that were answered unread, by whose misses were used up.',
    labelNames: ['by'] as const,
    registers: [this.registry],
  });

  readonly admissionAlarms = new Counter({
    name: 'parley_admission_guessing_suspected_total',
    help: 'Events admission.guessing_suspected.',
    registers: [this.registry],
  });

  /** All of them, and the last. */
  readonly observeRefusal = this.#observer('parley_admission', 'refused_after_deactivation_seconds', {
    help: "Time from a client's deactivation (or its end) to a call that was refused for it.",
    buckets: [0.1, 1, 10, 60, 600, 3_600, 86_400, 604_800],
  });

  readonly observeEjection = this.#observer('parley_engine', 'ejected_after_deactivation_seconds', {
    help: "Time from a client's deactivation (or its end) to an engine's word that nobody is in its room.",
    labels: ['engine'],
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600, 3_600],
  });

  readonly engineFailures = new Counter({
    name: 'parley_engine_failures_total',
    help: 'Times that an engine was told of a room and did not do as it was told.',
    labelNames: ['engine'],
    registers: [this.registry],
  });

  readonly groupSize = new Histogram({
    name: 'parley_store_group_size',
    help: 'Writes that shared one transaction and one fsync.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers: [this.registry],
  });

  constructor(sources: { inFlight: () => number; queueLength: () => number; passCodes: () => Promise<number> }) {
    collectDefaultMetrics({ register: this.registry });
    this.#gauge('parley_http_requests_in_flight', 'HTTP requests under way.', sources.inFlight);
    this.#gauge('parley_store_queue_length', 'Writes waiting for their turn.', sources.queueLength);
    this.#gauge('parley_pass_codes', 'Pass codes that are reserved, over all tenants and lifecycle states.', sources.passCodes);
    this.#gauge(
      'parley_pass_code_pool_density',
      "The chance that a random ten-digit code is somebody's: reserved codes over all possible ones.",
      async () => (await sources.passCodes()) / PASS_CODE_SPACE,
    );
  }

  /** What is done in the background, by the name of each job. */
  watchJobs(list: () => readonly JobState[]): void {
    const seconds = (at: number | undefined): number => (at ?? 0) / 1000;
    this.#gaugeOfEach('parley_job_last_run_timestamp_seconds', 'When a job was begun last.', list, (job) => seconds(job.lastRunAt));
    this.#gaugeOfEach('parley_job_last_success_timestamp_seconds', 'When a job succeeded last.', list, (job) => seconds(job.lastSuccessAt));
    this.#gaugeOfEach('parley_job_last_duration_seconds', 'How long its last run took.', list, (job) => seconds(job.lastDurationMs));
    this.#gaugeOfEach('parley_job_failures', 'Runs that failed since the start.', list, (job) => job.failures);
  }

  watchWebhooks(read: () => Promise<WebhookCounts>, now: () => number): void {
    const ageSeconds = ({ oldestAt }: WebhookCounts): number => (oldestAt === undefined ? 0 : Math.max(0, now() - oldestAt) / 1000);
    this.#gauge(
      'parley_webhook_deliveries_pending',
      'What is yet to arrive at endpoints that are enabled.',
      async () => (await read()).pending,
    );
    this.#gauge('parley_webhook_oldest_pending_seconds', 'For how long the oldest of it has waited.', async () => ageSeconds(await read()));
    this.#gauge('parley_webhook_endpoints_disabled', 'Endpoints that Parley has disabled.', async () => (await read()).disabled);
  }

  /** Of admission: how dense the pool is for the limits there are, and what is held back. */
  watchAdmission(sources: { held: () => number; daysToHit: () => Promise<number>; safeDays: number }): void {
    this.#gauge('parley_admission_held', 'Answers that are being held back.', sources.held);
    this.#gauge(
      'parley_admission_days_to_hit',
      'How long a guesser who uses all that the limits allow needs for one code, on average.',
      sources.daysToHit,
    );
    this.#gauge('parley_pass_code_pool_alarm', 'One where that is too short: guessing is cheap.', async () =>
      Number((await sources.daysToHit()) < sources.safeDays),
    );
  }

  /** Where there is an engine. */
  watchEngine(sources: { isUp: () => boolean; count: () => Promise<{ wanted: number; pending: number }> }): void {
    this.#gauge('parley_engine_up', 'One where the engine answered when it was asked last.', () => Number(sources.isUp()));
    this.#gauge('parley_engine_rooms', 'Rooms that the engine should have.', async () => (await sources.count()).wanted);
    this.#gauge('parley_engine_rooms_pending', 'Rooms of which the engine is yet to be told.', async () => (await sources.count()).pending);
  }

  watchConferences(count: () => { moderator: number; participant: number }): void {
    const gauge = new Gauge({
      name: 'parley_conference_browsers',
      help: 'Browsers that are in a conference by way of this node, by role.',
      labelNames: ['role'] as const,
      registers: [],
      collect: () => {
        for (const [role, value] of Object.entries(count())) gauge.set({ role }, value);
      },
    });
    this.registry.registerMetric(gauge);
  }

  /** Of engines that are told codes. */
  watchDispatchRules(count: () => { rules: number; pending: number }): void {
    this.#gauge('parley_dispatch_rules', 'Dispatch rules that LiveKit has of this server.', () => count().rules);
    this.#gauge('parley_dispatch_rules_pending', 'Dispatch rules that are yet to be made or taken back.', () => count().pending);
  }

  watchSearch(countBehind: () => Promise<number>): void {
    this.#gauge('parley_search_behind', 'Entries of the journals that the search is yet to follow.', countBehind);
  }

  /** Where the platform is a remote one. */
  watchOperations(count: () => Promise<{ pending: number; stuck: number }>): void {
    this.#gauge('parley_operations_pending', 'What is yet to be done at the remote platform.', async () => (await count()).pending);
    this.#gauge('parley_operations_stuck', 'Of it, what takes too long or waits for an operator.', async () => (await count()).stuck);
  }

  #observer<const Label extends string = never>(
    room: string,
    name: string,
    { help, buckets, labels = [] }: { help: string; buckets: number[]; labels?: Label[] },
  ): (seconds: number, labels: Record<Label, string>) => void {
    const registers = [this.registry];
    const all = new Histogram({ name: `${room}_${name}`, help, buckets, labelNames: labels, registers });
    const last = new Gauge({ name: `${room}_last_${name}`, help: `The last of ${room}_${name}.`, labelNames: labels, registers });
    return (seconds, of) => {
      all.observe(of, seconds);
      last.set(of, seconds);
    };
  }

  #gaugeOfEach(name: string, help: string, list: () => readonly JobState[], read: (job: JobState) => number): void {
    this.registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: ['job'],
        registers: [],
        collect() {
          for (const job of list()) this.set({ job: job.name }, read(job));
        },
      }),
    );
  }

  #gauge(name: string, help: string, read: () => number | Promise<number>): void {
    this.registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        async collect() {
          this.set(await read());
        },
      }),
    );
  }
}

interface WebhookCounts {
  pending: number;
  oldestAt: number | undefined;
  disabled: number;
}
