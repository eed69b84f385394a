/**
 * Counters, gauges and histograms in Prometheus form, named `followme_<area>_<what>_<unit>`. A registry is
 * made by whoever composes the process and passed down; there is no global one. Hot paths take the child
 * of their labels once (`counter.of(…)`) and call `inc` on it.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface CountedValue {
  inc(by?: number): void;
}
export interface ObservedValue {
  observe(value: number): void;
}

export interface Metrics {
  /** Counts what happens; `labels` are the label names, `of(...)` gives the counter of their values. */
  counter<L extends string>(
    name: string,
    help: string,
    labels?: readonly L[],
  ): { of(values: Readonly<Record<L, string>>): CountedValue };
  /** `read` is called at each scrape; the same name with other label values stands beside it. */
  gauge(
    name: string,
    help: string,
    read: () => number,
    labels?: Readonly<Record<string, string>>,
  ): void;
  /** Distribution with the given upper bounds. */
  histogram(name: string, help: string, buckets: readonly number[]): ObservedValue;
  /** Everything as Prometheus text. */
  text(): Promise<string>;
  /** The present value of a counter with these labels, 0 when it was never counted. For tests and doctor. */
  read(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

interface GaugeReader {
  readonly labels: Readonly<Record<string, string>>;
  readonly read: () => number;
}

interface LabelledCounter {
  of(values: Readonly<Record<string, string>>): CountedValue;
}

/** What was counted since the last scrape. */
class Uncollected implements CountedValue {
  readonly labels: Readonly<Record<string, string>>;
  count = 0;

  constructor(labels: Readonly<Record<string, string>>) {
    this.labels = labels;
  }

  inc(by = 1): void {
    this.count += by;
  }
}

/**
 * A counter whose values are numbers until somebody looks: the library hashes the labels at each increment
 * (200 ns; three of them per fix), here it does at each scrape.
 */
function createCounter(
  registry: Registry,
  what: { readonly name: string; readonly help: string; readonly labels: readonly string[] },
): LabelledCounter {
  const { name, help, labels } = what;
  const values = new Map<string, Uncollected>();
  const counter: Counter = new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      for (const value of values.values()) {
        if (value.count === 0) continue;
        counter.inc(value.labels, value.count);
        value.count = 0;
      }
    },
  });
  return {
    of(of) {
      const key = JSON.stringify(labels.map((label) => of[label]));
      const value = values.get(key) ?? new Uncollected(of);
      values.set(key, value);
      return value;
    },
  };
}

/** An empty registry. Names may be registered once; asking again for a counter gives the same one. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const gaugeReaders = new Map<string, Map<string, GaugeReader>>();
  const counters = new Map<string, LabelledCounter>();
  return {
    counter(name, help, labels = []) {
      const known = counters.get(name) ?? createCounter(registry, { name, help, labels });
      counters.set(name, known);
      return known;
    },
    gauge(name, help, read, labels = {}) {
      const readers = gaugeReaders.get(name) ?? new Map<string, GaugeReader>();
      readers.set(JSON.stringify(labels), { labels, read });
      if (gaugeReaders.has(name)) return;
      gaugeReaders.set(name, readers);
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames: Object.keys(labels),
        registers: [],
        collect() {
          for (const reader of readers.values()) gauge.set(reader.labels, reader.read());
        },
      });
      registry.registerMetric(gauge);
    },
    histogram(name, help, buckets) {
      const existing = registry.getSingleMetric(name);
      if (existing instanceof Histogram) return existing;
      return new Histogram({ name, help, buckets: [...buckets], registers: [registry] });
    },
    text: () => registry.metrics(),
    async read(name, labels = {}) {
      const metric = await registry.getSingleMetric(name)?.get();
      const wanted = Object.entries(labels);
      const found = metric?.values.filter((v) =>
        wanted.every(([key, value]) => v.labels[key] === value),
      );
      return found?.reduce((sum, v) => sum + v.value, 0) ?? 0;
    },
  };
}
