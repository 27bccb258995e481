package dev.machine.cli;

import dev.machine.cli.command.HelpSection;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The help of one command, at most 80 columns wide. */
final class UsageText {
    private static final int WIDTH = 80;
    private static final String INDENT = "  ";
    private static final int GAP = 2;

    /**
     * A name longer than this gets a line of its own, so that the other lines keep room for their
     * help.
     */
    private static final int MAX_NAME_WIDTH = 34;

    private final StringBuilder text = new StringBuilder();

    private UsageText() {}

    /** The synopsis, the description, the arguments, and then the sections. */
    static String of(CommandSpec spec, List<HelpSection> sections) {
        UsageText usage = new UsageText();
        usage.synopsis(spec);
        for (String paragraph : spec.usageMessage().description()) {
            paragraph.lines().forEach(line -> usage.wrap("", line));
        }
        List<HelpSection.Line> arguments =
                spec.positionalParameters().stream()
                        .filter(argument -> !argument.hidden())
                        .map(argument -> new HelpSection.Line(label(argument), help(argument)))
                        .toList();
        usage.lines(arguments);
        sections.forEach(usage::section);
        return usage.text.toString();
    }

    private void synopsis(CommandSpec spec) {
        text.append("Usage: ").append(spec.name()).append(" [OPTIONS]");
        for (PositionalParamSpec argument : spec.positionalParameters()) {
            if (!argument.hidden()) {
                text.append(' ').append(label(argument));
            }
        }
        text.append('\n');
    }

    private static String label(PositionalParamSpec argument) {
        return argument.hideParamSyntax()
                ? argument.paramLabel()
                : "[" + argument.paramLabel() + "...]";
    }

    private static String help(PositionalParamSpec argument) {
        return String.join(" ", argument.description());
    }

    private void section(HelpSection section) {
        text.append('\n');
        if (section.lines().isEmpty()) {
            wrap("", section.heading() + ": " + section.paragraph());
            return;
        }
        text.append(section.heading()).append(":\n");
        lines(section.lines());
        if (!section.paragraph().isEmpty()) {
            wrap(INDENT, section.paragraph());
        }
    }

    private void lines(List<HelpSection.Line> lines) {
        int width =
                lines.stream()
                        .mapToInt(line -> line.typed().length())
                        .filter(length -> length <= MAX_NAME_WIDTH)
                        .max()
                        .orElse(MAX_NAME_WIDTH);
        String indent = " ".repeat(INDENT.length() + width + GAP);
        for (HelpSection.Line line : lines) {
            text.append(INDENT).append(line.typed());
            int column = INDENT.length() + line.typed().length();
            if (line.typed().length() > width) {
                text.append('\n');
                column = 0;
            }
            text.repeat(' ', indent.length() - column);
            wrap(indent.length(), indent, line.help());
        }
    }

    /**
     * Appends a line, wrapped; a line that begins with a blank is an example and is kept as it is.
     */
    private void wrap(String indent, String line) {
        text.append(indent);
        if (line.startsWith(" ")) {
            text.append(line).append('\n');
        } else {
            wrap(indent.length(), indent, line);
        }
    }

    /** Appends words, wrapped; {@code column} is where the first word starts. */
    private void wrap(int column, String indent, String words) {
        int at = column;
        boolean first = true;
        for (String word : words.split(" ")) {
            if (!first && at + 1 + word.length() > WIDTH) {
                text.append('\n').append(indent);
                at = indent.length();
                first = true;
            }
            if (!first) {
                text.append(' ');
                at++;
            }
            text.append(word);
            at += word.length();
            first = false;
        }
        text.append('\n');
    }
}
