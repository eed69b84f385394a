/** The `followme` command line: every command is a file in `commands/`, loaded only when it is asked for. */
import { systemClock } from '@followme/platform';
import { Command, CommanderError } from 'commander';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { VERSION } from './version.ts';

/** Commands in the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand(),
  decode: async () => (await import('./commands/decode.ts')).decodeCommand(),
  replay: async () => (await import('./commands/replay.ts')).replayCommand(),
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand(),
  tenant: async () => (await import('./commands/tenant.ts')).tenantCommand(),
  lanes: async () => (await import('./commands/lanes.ts')).lanesCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
};

const EXIT_GRACE_MS = 2_000;

/** Runs one command; `argv` without the program's own name. Sets the exit code, never throws. */
export async function run(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endWithReader);
  const program = new Command('followme')
    .description('Live location, geofencing and targeted communication, self-hosted.')
    .version(VERSION)
    .showHelpAfterError('Run the command with --help to see what it takes.')
    .exitOverride();
  const [asked = ''] = argv;
  const one = COMMANDS[asked];
  const loading = one === undefined ? Object.values(COMMANDS) : [one];
  for (const load of loading) program.addCommand(inherit(program, await load()));
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
      return;
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodeOf(error);
    // whatever a failed start left behind must not keep the process alive: a supervisor waits for its end
    systemClock.after(EXIT_GRACE_MS, () => process.exit());
  }
}

/** Whoever read our output has gone (`followme … | head`): then there is nothing left to do. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

/** Subcommands answer wrong use the way the program does. */
function inherit(program: Command, command: Command): Command {
  command.copyInheritedSettings(program);
  for (const child of command.commands) inherit(program, child);
  return command;
}
