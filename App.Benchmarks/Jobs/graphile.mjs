// graphile-worker as the benchmark drives it: one JSON command a line on stdin, one JSON answer a line on stdout.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { performance } from "node:perf_hooks";

const require = createRequire(process.cwd() + "/");
const { Logger, run, makeWorkerUtils } = require("graphile-worker");
const { Pool } = require("pg");
const { version } = require("graphile-worker/package.json");
const pool = new Pool({ ...JSON.parse(process.argv[2]), max: 20 });
const logger = new Logger(() => () => {});
const utils = await makeWorkerUtils({ pgPool: pool, logger });
const rest = ms => new Promise(resolve => setTimeout(resolve, ms));
let noop = () => {};

async function bulk(count) {
  for (let left = count; left > 0; left -= 10000)
    await pool.query(
      "select count(*) from graphile_worker.add_jobs(array(select json_populate_record(null::graphile_worker.job_spec, json_build_object('identifier', 'noop', 'payload', json_build_object('number', n))) from generate_series(1, $1::int) n))",
      [Math.min(10000, left)]);
}

// As its documentation advises for throughput: a local queue, and completions in batches.
const start = tuned => run({
  pgPool: pool, noHandleSignals: true,
  preset: { worker: { concurrentJobs: 24, logger, ...(tuned ? { localQueue: { size: 500 }, completeJobBatchDelay: 0 } : {}) } },
  taskList: { noop: payload => noop(payload) },
});

const commands = {
  init: async () => { await utils.migrate(); return { version }; },
  bulk: async ({ count }) => {
    const from = performance.now();
    await bulk(count);
    return { rate: count / (performance.now() - from) * 1000 };
  },
  clear: async () => { await pool.query("truncate graphile_worker._private_jobs cascade"); return {}; },
  enqueue: async ({ callers, seconds }) => {
    const from = performance.now();
    let jobs = 0;
    await Promise.all(Array.from({ length: callers }, async () => {
      while (performance.now() - from < seconds * 1000) { await utils.addJob("noop", { number: jobs }); jobs++; }
    }));
    return { rate: jobs / (performance.now() - from) * 1000 };
  },
  drain: async ({ count }) => {
    let done = 0, finish;
    const all = new Promise(resolve => finish = resolve);
    noop = () => { if (++done === count) finish(); };
    const from = performance.now();
    const runner = await start(true);
    await all;
    while ((await pool.query("select exists (select from graphile_worker._private_jobs) as left")).rows[0].left) await rest(1);
    const rate = count / (performance.now() - from) * 1000;
    await runner.stop();
    return { rate };
  },
  latency: async ({ count, pause }) => {
    let started;
    noop = () => started(performance.now());
    const runner = await start(false);
    const times = [];
    await rest(500);
    for (let number = 0; number < count; number++) {
      await rest(pause * (0.5 + Math.random()));
      const begun = new Promise(resolve => started = resolve);
      const from = performance.now();
      await utils.addJob("noop", { number });
      times.push(await begun - from);
    }
    await runner.stop();
    return { times };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line);
  try {
    console.log(JSON.stringify(await commands[command](given)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.stack ?? error) }));
  }
}
process.exit(0);
