package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.lifecycle.Lifecycle;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Properties;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine version}: the version of this program, or of a machine's engine. */
public final class VersionCommand implements Command {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    public CommandSpec spec() {
        return Options.command("version", "Print machine's version, or that of NAME's engine.")
                .addPositional(Options.word("[NAME]", "a machine"));
    }

    @Override
    public int run(Invocation call) {
        if (call.words().isEmpty()) {
            call.answer(line());
            return ExitCode.OK;
        }
        String name = MachineNames.one(call);
        call.services().store().load(name);
        Lifecycle.State state = call.services().lifecycle().state(name, TIMEOUT);
        call.answer(
                state.engineVersion()
                        .orElseThrow(
                                () ->
                                        new MachineException(
                                                name
                                                        + " does not report its version: "
                                                        + state.error().orElse(state.word()),
                                                "machine status " + name,
                                                ExitCode.UNREACHABLE)));
        return ExitCode.OK;
    }

    /** {@code machine version 1.2.3}. */
    public static String line() {
        Properties properties = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new MachineException("cannot read the version of this program", e);
        }
        return "machine version " + properties.getProperty("version", "unknown");
    }
}
