/**
 * How the embedded server runs: on one small machine, beside the processes it serves, reachable from this
 * machine only. Given on its command line, so a new release changes them without touching the data folder.
 */

/** Setting → value. */
type ServerSettings = Readonly<Record<string, string>>;

const COMMON: ServerSettings = {
  listen_addresses: '127.0.0.1',
  // no socket file: its path may lie below a folder the server's user cannot enter, or be too long
  unix_socket_directories: '',
  // pools of all roles in one process take about 30
  max_connections: '50',
  shared_buffers: '128MB',
  effective_cache_size: '512MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  // a write-heavy log of positions: rarer checkpoints write fewer full pages; recovery stays within seconds
  max_wal_size: '1GB',
  min_wal_size: '128MB',
  checkpoint_timeout: '10min',
  // SSDs, or small enough to be cached
  random_page_cost: '1.1',
  // statements are short; compiling them costs more than it saves
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  // what people and devices sent must not reach the log: neither statements nor rows in error details
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** What the machine may lose: nothing that was committed, not even with its power. */
const DURABLE: ServerSettings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** For tests of things other than durability: a crash of the machine would leave rubbish. */
const THROWAWAY: ServerSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

/** The arguments of `postgres` for a cluster, apart from where it lies and the port. */
export function serverArguments(durable: boolean, clusterName: string): readonly string[] {
  const settings = {
    ...COMMON,
    ...(durable ? DURABLE : THROWAWAY),
    cluster_name: clusterName,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
