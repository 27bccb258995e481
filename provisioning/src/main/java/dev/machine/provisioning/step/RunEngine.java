package dev.machine.provisioning.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.EngineFailure;
import dev.machine.provisioning.node.LiveRestore;
import dev.machine.provisioning.node.RetryAtBoot;
import dev.machine.provisioning.node.ServiceManager;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.step.Change.Effect;
import dev.machine.provisioning.store.MachineRecord;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Starts the engine now and at boot. It restarts the engine only if the engine has not read the
 * newest files, or if its socket on the node is lost. If it does not come up, the old configuration
 * is restored and its error is shown.
 */
final class RunEngine implements Step {
    private static final StepId ID = new StepId("run engine");

    private static final Duration RESTART = Duration.ofMinutes(5);

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        Facts facts = node.facts();
        Map<Effect, String> lines = new EnumMap<>(Effect.class);
        if (!facts.engineRuns()) {
            lines.put(Effect.RESTART, "start the engine");
        } else if (facts.localSocketIsLost()) {
            node.needRestart();
            lines.put(
                    Effect.RESTART,
                    "make the socket %s anew and restart the engine"
                            .formatted(facts.sockets().getFirst().path()));
        } else if (node.restartNeeded()) {
            lines.put(Effect.RESTART, "restart the engine");
        }
        if (!facts.startsAtBoot()) {
            lines.put(Effect.ENABLE, "start the engine at boot");
        }
        if (RetryAtBoot.isMissing(facts)) {
            lines.put(
                    Effect.RETRY_AT_BOOT,
                    "have the engine started again at boot until its address is there");
        }
        return new Change(List.copyOf(lines.values()), List.of(), lines.keySet());
    }

    @Override
    public void apply(NodeContext node, Change change) {
        ServiceManager services = ServiceManager.of(node.facts());
        Script script = new Script().run(LiveRestore.functions(services)).run(EngineFailure.MARK);
        script.run(services.reloadFiles());
        if (change.does(Effect.ENABLE)) {
            script.run(services.enable());
        }
        if (change.does(Effect.RETRY_AT_BOOT)) {
            RetryAtBoot.addTo(script);
        }
        if (change.does(Effect.RESTART)) {
            node.restarted();
            script.run("restart_engine").run("rm -f {}", EngineFiles.RESTART_PENDING);
        }
        ScriptResult result = node.shell().asRoot(script, RESTART);
        EngineArrival arrival =
                result.status() == 0
                        ? EngineArrival.await(node)
                        : new EngineArrival(EngineArrival.State.DOWN, result.lastWords());
        switch (arrival.state()) {
            case ANSWERS -> {}
            case NOT_REACHED -> throw notReached(node, arrival);
            case DOWN -> throw down(node, result, arrival);
        }
    }

    /** Keeps the configuration, which is right; but an adopted engine gets its old one back. */
    private static MachineException notReached(NodeContext node, EngineArrival arrival) {
        boolean adopting =
                node.record().phase() != MachineRecord.Phase.READY
                        && node.factsBefore().hasEngine();
        String sentence =
                "the engine came up with the new configuration and listens on port %d of the node, but it is not reached from here at %s: %s"
                        .formatted(
                                node.enginePort(),
                                node.record().url().orElseThrow(),
                                arrival.reason());
        if (adopting) {
            sentence +=
                    RollBack.of(node)
                            ? "; the old configuration was put back"
                            : "; the new configuration is still there";
        }
        return new MachineException(
                sentence,
                "does a firewall on the node, or one between, let port %d through? Then run it again"
                        .formatted(node.enginePort()),
                ExitCode.UNREACHABLE);
    }

    private static MachineException down(
            NodeContext node, ScriptResult result, EngineArrival arrival) {
        String words = EngineFailure.of(node.shell(), node.facts(), result);
        boolean back = RollBack.of(node);
        return new MachineException(
                "the engine did not come up with the new configuration, and the old one %s; it said: %s"
                        .formatted(
                                back ? "was put back" : "could not be put back",
                                words.isEmpty() ? arrival.reason() : words),
                "fix it on the node or choose other --engine-opt values, then run `machine provision "
                        + node.record().name()
                        + "`",
                ExitCode.ERROR);
    }
}
