package dev.machine.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Translates options as Go programs take them, which docker-machine and classic swarm were: a long
 * name with one dash ({@code -driver none}), and a switch with a value ({@code --swarm=true}). See
 * Go's package flag.
 */
public final class GoFlags {
    private GoFlags() {}

    /** The arguments in the form that our parser takes. */
    public static List<String> normal(CommandSpec spec, List<String> typed) {
        List<String> normal = new ArrayList<>();
        boolean isValue = false;
        for (int i = 0; i < typed.size(); i++) {
            String argument = typed.get(i);
            boolean isOption = !isValue && argument.startsWith("-") && argument.length() > 1;
            boolean first = !isValue && !isOption && spec.parser().stopAtPositional();
            if (first || (argument.equals("--") && !isValue)) {
                normal.addAll(typed.subList(i, typed.size()));
                break;
            }
            if (!isOption) {
                normal.add(argument);
                isValue = false;
                continue;
            }
            Option option = Option.of(spec, argument);
            normal.addAll(option.normal(argument));
            isValue = option.takesNext();
        }
        return normal;
    }

    /**
     * An option as it was typed.
     *
     * @param known the option of our command with this name; null if there is none
     * @param value the text after an equals sign; null if there is none
     */
    private record Option(@Nullable OptionSpec known, String name, @Nullable String value) {
        static Option of(CommandSpec spec, String argument) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value = equals < 0 ? null : argument.substring(equals + 1);
            OptionSpec exact = spec.optionsMap().get(name);
            if (exact != null || name.startsWith("--")) {
                return new Option(exact, name, value);
            }
            String dashed = "-" + name;
            return new Option(spec.optionsMap().get(dashed), dashed, value);
        }

        List<String> normal(String argument) {
            if (known == null) {
                return List.of(argument);
            }
            if (value == null) {
                return List.of(name);
            }
            if (known.arity().max() > 0) {
                return List.of(name + "=" + value);
            }
            return switch (value) {
                case "true", "1", "t", "T", "TRUE", "True" -> List.of(name);
                case "false", "0", "f", "F", "FALSE", "False" -> List.of();
                default -> throw Invocation.usage(name + " takes true or false, or no value");
            };
        }

        boolean takesNext() {
            return known != null && value == null && known.arity().min() > 0;
        }
    }
}
