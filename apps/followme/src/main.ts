/** The `followme` command line: every command is a file in `commands/`. */
import { Command, CommanderError } from 'commander';
import { decodeCommand } from './commands/decode.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { migrateCommand } from './commands/migrate.ts';
import { replayCommand } from './commands/replay.ts';
import { serveCommand } from './commands/serve.ts';
import { simulateCommand } from './commands/simulate.ts';
import { tenantCommand } from './commands/tenant.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

/** Exit codes: 0 done, 1 failed while working, 2 asked for wrongly. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Runs one command; `argv` without the program's own name. Sets the exit code, never throws. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('followme')
    .description('Live location, geofencing and targeted communication, self-hosted.')
    .version(VERSION)
    .showHelpAfterError('Run the command with --help to see what it takes.')
    .exitOverride();
  const commands = [
    serveCommand(),
    demoCommand(),
    simulateCommand(),
    decodeCommand(),
    replayCommand(),
    migrateCommand(),
    tenantCommand(),
    doctorCommand(),
  ];
  for (const command of commands) program.addCommand(inherit(program, command));
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
      return;
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}

/** Subcommands answer wrong use the way the program does. */
function inherit(program: Command, command: Command): Command {
  command.copyInheritedSettings(program);
  for (const child of command.commands) inherit(program, child);
  return command;
}
