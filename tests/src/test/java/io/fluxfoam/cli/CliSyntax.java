package io.fluxfoam.cli;

import io.fluxfoam.launch.Commands;

import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code ./foam} makes of a command line, as far as its commands read it; nothing runs. */
public final class CliSyntax {
    private static final Pattern ROLE = Pattern.compile("^ {4}([a-z-]+)\\)");
    private static final Pattern MAIN = Pattern.compile("become \\S+ (io\\.fluxfoam\\.\\S+)");

    private final Map<String, String> mains;

    private CliSyntax(Map<String, String> mains) {
        this.mains = mains;
    }

    /** That of this launcher, which knows the class of each role. */
    public static CliSyntax of(Path launcher) throws IOException {
        Map<String, String> mains = new HashMap<>();
        String role = "";
        List<String> lines = Files.readAllLines(launcher);
        int start = lines.indexOf("run_node() {");
        for (String line : lines.subList(start, lines.lastIndexOf("}"))) {
            Matcher label = ROLE.matcher(line);
            role = label.find() ? label.group(1) : role;
            Matcher main = MAIN.matcher(line);
            if (main.find()) {
                mains.put(role, main.group(1));
            }
        }
        return new CliSyntax(mains);
    }

    /**
     * Reads the words behind {@code ./foam}.
     *
     * @throws CommandLine.ParameterException if the command would refuse them
     */
    public ParseResult parse(List<String> words) throws ReflectiveOperationException {
        CommandLine line;
        List<String> rest = words;
        if (words.getFirst().equals("node")) {
            String main = mains.get(words.get(1));
            if (main == null) {
                throw new IllegalArgumentException("no such node: " + words);
            }
            line = Commands.line(Class.forName(main));
            rest = words.subList(2, words.size());
        } else {
            line = Foam.line();
        }
        ParseResult result = line.parseArgs(rest.toArray(String[]::new));
        while (result.hasSubcommand()) {
            result = result.subcommand();
        }
        return result;
    }
}
