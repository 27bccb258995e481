package dev.machine.cli.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options as programs in Go take them, which classic swarm was: one dash does for a long name
 * ({@code -strategy spread}), and a switch may say so ({@code --tlsverify=true}). See the package
 * flag of Go's library.
 */
final class GoFlags {
    private GoFlags() {}

    /** The same arguments in the form that our parser takes. */
    static List<String> normal(CommandSpec spec, List<String> typed) {
        List<String> normal = new ArrayList<>();
        boolean options = true;
        for (String argument : typed) {
            options &= !argument.equals("--");
            if (options && argument.startsWith("-") && argument.length() > 2) {
                normal.addAll(option(spec, argument));
            } else {
                normal.add(argument);
            }
        }
        return normal;
    }

    private static List<String> option(CommandSpec spec, String argument) {
        String dashed = argument.startsWith("--") ? argument : "-" + argument;
        int equals = dashed.indexOf('=');
        String name = equals < 0 ? dashed : dashed.substring(0, equals);
        OptionSpec known = spec.optionsMap().get(name);
        if (known == null) {
            return List.of(argument);
        }
        if (equals < 0 || known.arity().max() > 0) {
            return List.of(dashed);
        }
        return switch (dashed.substring(equals + 1)) {
            case "true", "1", "t", "T", "TRUE", "True" -> List.of(name);
            case "false", "0", "f", "F", "FALSE", "False" -> List.of();
            default -> throw Invocation.usage(name + " takes true or false, if anything");
        };
    }
}
