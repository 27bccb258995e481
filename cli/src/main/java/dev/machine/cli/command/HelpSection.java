package dev.machine.cli.command;

import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/**
 * One part of a command's help: a heading, lines of two columns, and a paragraph.
 *
 * @param heading without its colon
 * @param paragraph stands below the lines; may be empty
 */
public record HelpSection(String heading, List<Line> lines, String paragraph) {

    /** What the user types, and what it does. */
    public record Line(String typed, String help) {}

    /** A section with one line for each option that is not hidden. */
    public static HelpSection ofOptions(String heading, List<OptionSpec> options) {
        return ofLines(
                heading,
                options.stream()
                        .filter(option -> !option.hidden())
                        .map(HelpSection::line)
                        .toList());
    }

    static HelpSection ofLines(String heading, List<Line> lines) {
        return new HelpSection(heading, lines, "");
    }

    /** A paragraph without lines. */
    public static HelpSection ofText(String heading, String paragraph) {
        return new HelpSection(heading, List.of(), paragraph);
    }

    private static Line line(OptionSpec option) {
        String names = String.join(", ", option.names());
        return new Line(
                option.arity().max() > 0 ? names + " " + option.paramLabel() : names,
                String.join(" ", option.description()));
    }
}
