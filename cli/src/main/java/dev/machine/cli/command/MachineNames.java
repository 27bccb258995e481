package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.MachineName;
import dev.machine.driver.NameRange;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The machines that a command line names: names and ranges, else the machine called default. */
public final class MachineNames {
    private static final String DEFAULT = "default";

    private MachineNames() {}

    /** Every name once, in the order given. */
    public static List<String> many(Invocation call) {
        if (call.words().isEmpty()) {
            return List.of(defaultMachine(call));
        }
        Set<String> names = new LinkedHashSet<>();
        for (String word : call.words()) {
            for (String name : NameRange.expand(word)) {
                names.add(new MachineName(name).value());
            }
        }
        return List.copyOf(names);
    }

    /** Exactly one. */
    public static String one(Invocation call) {
        if (call.words().isEmpty()) {
            return defaultMachine(call);
        }
        if (call.words().size() > 1) {
            throw Invocation.usage("expected one machine name, not " + call.words().size());
        }
        return new MachineName(call.words().getFirst()).value();
    }

    private static String defaultMachine(Invocation call) {
        if (call.services().store().exists(DEFAULT)) {
            return DEFAULT;
        }
        throw new MachineException(
                "no machine name given, and there is no machine called \"default\"",
                "machine ls lists the names",
                ExitCode.USAGE);
    }
}
