package io.fluxfoam.cli;

import picocli.CommandLine.Command;

/** {@code ./foam memory}. */
@Command(
        name = "memory",
        description = "What the teachers remember of what they computed.",
        subcommands = MemoryStatCommand.class)
final class MemoryCommand {}
