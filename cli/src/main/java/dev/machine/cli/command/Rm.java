package dev.machine.cli.command;

import dev.machine.cli.output.ProgressPrinter;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.lifecycle.Lifecycle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine rm}: removes machines, after a question. */
public final class Rm implements Verb {
    @Override
    public CommandSpec spec() {
        return Options.command("rm", "Remove machines.")
                .addOption(
                        Options.flag(
                                "forget it even if it cannot be removed; asks nothing",
                                "-f",
                                "--force"))
                .addOption(Options.flag("ask nothing", "-y"))
                .addPositional(
                        Options.words("NAME", "the machines; a range is rack-1-node-[11:15]"));
    }

    @Override
    public int run(Invocation call) {
        if (call.words().isEmpty()) {
            throw Invocation.usage("expected to get one or more machine names as arguments");
        }
        List<String> names = Names.many(call);
        boolean force = call.flag("--force");
        for (String name : names) {
            if (!call.services().store().exists(name)) {
                call.services().store().load(name);
            }
        }
        if (!force && !call.flag("-y")) {
            confirm(call, names);
        }
        Lifecycle lifecycle = call.services().lifecycle();
        try (ProgressPrinter progress =
                ProgressPrinter.choose(call.console(), call.globals().quiet(), names.size())) {
            return SideBySide.run(
                    call,
                    progress,
                    names,
                    Function.identity(),
                    name -> {
                        lifecycle.remove(name, force, progress);
                        call.answer("Successfully removed " + name);
                    });
        }
    }

    private static void confirm(Invocation call, List<String> names) {
        call.console()
                .err()
                .print(
                        "About to remove "
                                + String.join(", ", names)
                                + "\nWARNING: This action will delete both local reference and"
                                + " remote instance.\nAre you sure? (y/n): ");
        call.console().err().flush();
        String answer = line(call);
        if (!answer.toLowerCase(Locale.ROOT).startsWith("y")) {
            throw new MachineException(
                    "nothing was removed", "machine rm -y asks nothing", ExitCode.ERROR);
        }
    }

    private static String line(Invocation call) {
        try {
            String line =
                    new BufferedReader(
                                    new InputStreamReader(
                                            call.console().in(), StandardCharsets.UTF_8))
                            .readLine();
            if (line == null) {
                call.console().err().print('\n');
            }
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            throw new MachineException("cannot read the answer: " + e.getMessage(), e);
        }
    }
}
