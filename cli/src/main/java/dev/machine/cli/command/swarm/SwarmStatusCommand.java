package dev.machine.cli.command.swarm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.cli.command.Command;
import dev.machine.cli.command.ConnectionTarget;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.MachineNames;
import dev.machine.cli.command.Options;
import dev.machine.cli.output.Report;
import dev.machine.common.EngineCall;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine swarm status}: the nodes of a swarm, as its running endpoint reports them. */
public final class SwarmStatusCommand implements Command {
    private static final int DEFAULT_TIMEOUT_SECONDS = 10;

    @Override
    public CommandSpec spec() {
        return Options.command(
                        "swarm status", "Show the nodes of a swarm as its endpoint sees them.")
                .addOption(Options.value("SECONDS", "how long to wait (10)", "-t", "--timeout"))
                .addOption(Options.format())
                .addOption(Options.output())
                .addPositional(Options.word("[MASTER]", "the endpoint; default: the only one"));
    }

    @Override
    public int run(Invocation call) {
        Store store = call.services().store();
        ConnectionTarget target = ConnectionTarget.load(store, master(call, store), true);
        JsonNode info = info(call, store, target);
        call.answer(Report.of(NodeRow.COLUMNS, NodeRow.of(info)), "Node");
        return ExitCode.OK;
    }

    private static String master(Invocation call, Store store) {
        if (!call.words().isEmpty()) {
            return MachineNames.one(call);
        }
        List<String> masters =
                store.machines().stream()
                        .filter(machine -> machine.swarm().master())
                        .map(machine -> machine.name())
                        .toList();
        return switch (masters.size()) {
            case 0 ->
                    throw new MachineException(
                            "there is no swarm master",
                            "make one with: machine create -d none --url tcp://127.0.0.1:3376"
                                    + " --swarm-master master",
                            ExitCode.NOT_FOUND);
            case 1 -> masters.getFirst();
            default ->
                    throw Invocation.usage(
                            "there are several masters, name one: " + String.join(", ", masters));
        };
    }

    private static JsonNode info(Invocation call, Store store, ConnectionTarget target) {
        String name = target.machine().name();
        if (!store.endpointLock(name).isHeld()) {
            throw new MachineException(
                    name + " is stopped", "machine start " + name, ExitCode.UNREACHABLE);
        }
        Duration timeout = call.seconds("--timeout", DEFAULT_TIMEOUT_SECONDS);
        try {
            EngineCall.Answer answer =
                    call.services().engines().get(target.url(), "/info", timeout);
            if (answer.status() != 200) {
                throw new IOException("it answers /info with status " + answer.status());
            }
            return new ObjectMapper().readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw unreachable(target, "its answer is not JSON", e);
        } catch (IOException e) {
            throw unreachable(target, String.valueOf(e.getMessage()), e);
        }
    }

    private static MachineException unreachable(ConnectionTarget target, String why, Exception e) {
        String name = target.machine().name();
        return new MachineException(
                name + " does not answer at " + target.url() + ": " + why,
                "its log: machine logs " + name,
                ExitCode.UNREACHABLE,
                e);
    }
}
