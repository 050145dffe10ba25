package io.fluxfoam.cli;

import io.fluxfoam.launch.Commands;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of {@code ./foam}. */
@Command(
        name = "foam",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "A multi-process node fabric that shares tensors on one box without copying them.",
        footer = {
            "  node     Run one node in the foreground: foam node ROLE [options].",
            "  sdk      Put the SDK into the local Maven repository, for a node of your own.",
            "  evaluate Give the verdicts on the teachers of a tape: foam evaluate --help.",
            "  snapshot Keep what a student has learned in a file: foam snapshot --help.",
            "  resume   Go on from it: foam resume SNAPSHOT [options of up].",
            "  student  What a student is made of: foam student inspect --help.",
            "  source   What a folder or a machine has to show: foam source --help.",
            "  chaos    Kill and torment the nodes of a running foam: foam chaos --help.",
            "  bench    Measure what a hand-over costs: foam bench --help.",
            "",
            "Roles: coordinator sensor teacher-vision teacher-whisper teacher-llm teacher-voice",
            "teacher student ear evaluator bridge.",
            "Exit codes: 0 done, 1 failed, 2 bad arguments."
        },
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            PsCommand.class,
            StatCommand.class,
            ErrorsCommand.class,
            SlotsCommand.class,
            TailCommand.class,
            SayCommand.class,
            MemoryCommand.class,
            RecordCommand.class,
            ReplayCommand.class,
            DoctorCommand.class,
            VersionCommand.class
        })
final class Foam {
    private Foam() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(Commands.execute(line(), args.length == 0 ? new String[] {"--help"} : args));
    }

    static CommandLine line() {
        CommandLine line = Commands.line(new Foam());
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        return line;
    }
}
