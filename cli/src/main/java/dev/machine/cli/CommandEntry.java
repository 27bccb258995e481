package dev.machine.cli;

import dev.machine.cli.command.Command;
import dev.machine.driver.Driver;
import java.util.List;
import java.util.function.Function;

/**
 * One command of {@link CommandList}.
 *
 * @param name one word, or two as {@code swarm manage}
 * @param aliases other names of the same command; help does not list them
 * @param group the heading under which {@code machine help} lists it
 * @param summary what {@code machine help} says of it
 * @param factory makes it; not called for a command that is not used
 */
record CommandEntry(
        String name,
        List<String> aliases,
        CommandGroup group,
        String summary,
        Function<List<Driver>, Command> factory) {

    CommandEntry withAlias(String alias) {
        return new CommandEntry(name, List.of(alias), group, summary, factory);
    }

    boolean isCalled(String typed) {
        return name.equals(typed) || aliases.contains(typed);
    }
}
