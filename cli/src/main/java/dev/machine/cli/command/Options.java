package dev.machine.cli.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Builds the options and arguments of commands for the parser. */
public final class Options {
    private Options() {}

    /** A command without options yet. */
    public static CommandSpec command(String name, String description) {
        CommandSpec spec = CommandSpec.create().name("machine " + name);
        spec.usageMessage().description(description);
        return spec;
    }

    /** Adds options to a command. */
    public static void add(CommandSpec spec, List<OptionSpec> options) {
        options.forEach(spec::addOption);
    }

    /** An option without a value. */
    public static OptionSpec flag(String help, String... names) {
        return OptionSpec.builder(names).type(boolean.class).arity("0").description(help).build();
    }

    /** An option with one value. */
    public static OptionSpec value(String label, String help, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(help)
                .build();
    }

    /** An option with a value that may be given several times. */
    public static OptionSpec values(String label, String help, String... names) {
        return OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(help)
                .build();
    }

    /** Prints a list by a template. */
    public static OptionSpec format() {
        return value(
                "TEMPLATE", "Go template, 'table TEMPLATE', json or prettyjson", "-f", "--format");
    }

    /** Prints a list in a named form. */
    public static OptionSpec output() {
        return value("FORM", "table, json, yaml or name", "-o", "--output");
    }

    static OptionSpec dryRun() {
        return flag("connect and print the plan; change nothing", "--dry-run");
    }

    /** The form of the progress of {@code create} and {@code provision}. */
    static OptionSpec events() {
        return value("FORM", "text (default), or json: one event per line", "-o", "--output");
    }

    static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .arity("0")
                .usageHelp(true)
                .description("show this help")
                .build();
    }

    /** The machines that a command is for. */
    public static PositionalParamSpec machines() {
        return words("NAME", "the machines; a range is rack-1-node-[11:15]");
    }

    /** Any number of arguments; the command checks them itself. */
    public static PositionalParamSpec words(String label, String help) {
        return positional(help).paramLabel(label).build();
    }

    /**
     * At most one argument; the command itself reports more.
     *
     * @param label as help shows it, in brackets if it is optional
     */
    public static PositionalParamSpec word(String label, String help) {
        return positional(help).paramLabel(label).hideParamSyntax(true).build();
    }

    /** No argument; the command itself reports one. */
    static PositionalParamSpec nothing() {
        return positional("").paramLabel("").hidden(true).build();
    }

    private static PositionalParamSpec.Builder positional(String help) {
        return PositionalParamSpec.builder()
                .index("0..*")
                .arity("0..*")
                .type(ArrayList.class)
                .auxiliaryTypes(String.class)
                .description(help);
    }
}
