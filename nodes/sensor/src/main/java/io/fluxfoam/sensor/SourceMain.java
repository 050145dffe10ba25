package io.fluxfoam.sensor;

import io.fluxfoam.launch.Commands;
import io.fluxfoam.sensor.media.DeviceList;
import io.fluxfoam.sensor.media.FolderCheck;
import io.fluxfoam.sensor.text.JsonText;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code ./foam source}: what there is to show, before anything is started. */
@Command(
        name = "foam source",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Say what a folder or this machine has to show, before anything is started.",
        subcommands = {SourceMain.Check.class, SourceMain.Devices.class})
public final class SourceMain {
    private static final int MAX_NAMED = 20;

    private SourceMain() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(Commands.execute(line(), args.length == 0 ? new String[] {"--help"} : args));
    }

    static CommandLine line() {
        return Commands.line(new SourceMain());
    }

    /** What a folder has. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description =
                    "Decode all of a folder once; list what it has, what will be held out, and what is"
                            + " skipped and why. Exit code 1 if it cannot be shown.")
    static final class Check implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "The folder, as file:DIR would show it.")
        private Path folder = Path.of("");

        @Option(names = "--json", description = "Write JSON.")
        private boolean json;

        @Override
        public Integer call() throws SourceException {
            FolderCheck check = new FolderCheck(folder, Sources.PICTURES);
            if (json) {
                System.out.println(JsonText.of(check.facts()));
            } else {
                check.lines(MAX_NAMED).forEach(System.out::println);
            }
            return 0;
        }
    }

    /** What a machine has. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List cameras and microphones, as live:VIDEO,AUDIO takes them.")
    static final class Devices implements Callable<Integer> {
        @Override
        public Integer call() throws SourceException {
            print("camera", DeviceList.cameras());
            print("microphone", DeviceList.microphones());
            return 0;
        }

        private void print(String kind, List<DeviceList.Entry> devices) {
            if (devices.isEmpty()) {
                System.out.println("no " + kind + " found");
            }
            for (DeviceList.Entry device : devices) {
                System.out.printf("%-10s  %-24s  %s%n", kind, device.name(), device.description());
            }
        }
    }
}
