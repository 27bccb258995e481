package dev.machine.provisioning.step;

import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.EngineShell;
import dev.machine.provisioning.node.NodeSnapshot;
import dev.machine.provisioning.node.ServiceManager;
import dev.machine.provisioning.ssh.Script;
import java.util.List;

/** Installs the engine if there is none, or the version that the user asked for. */
final class InstallEngine implements Step {
    private static final StepId ID = new StepId("install engine");

    /**
     * The packages may have started the new engine, which has read our files; some packages leave
     * the old engine running.
     */
    private static final String STARTED =
            """
            running=$(engine_pid)
            if [ -n "$running" ] && [ "$running" != {} ] && [ "$(%s)" = active ]; then rm -f {}; fi
            """;

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        PackagePlan choice = node.packagePlan();
        if (!choice.packages().isEmpty()) {
            if (node.facts().engineRuns()) {
                node.needRestart();
            }
        }
        return new Change(choice.lines(), choice.files());
    }

    @Override
    public void apply(NodeContext node, Change change) {
        List<String> packages = node.packagePlan().packages();
        Script script = NodeSnapshot.remember(new Script(), node.factsBefore());
        change.files().forEach(file -> file.addTo(script));
        if (!packages.isEmpty()) {
            if (node.facts().engineRuns()) {
                script.run("touch {}", EngineFiles.RESTART_PENDING);
            }
            node.packages().addInstallation(node.packageWork(), script, packages);
        }
        ServiceManager services = ServiceManager.of(node.facts());
        if (services.hasUnits()) {
            script.run(EngineShell.FUNCTIONS)
                    .run(
                            STARTED.formatted(services.isActive(node.facts())),
                            node.facts().text("engine.pid"),
                            EngineFiles.RESTART_PENDING);
        }
        try (TlsWarmup early = new TlsWarmup(node)) {
            node.packages().install(node.packageWork(), script, packages);
        }
        node.refreshFacts();
        if (node.facts().find("engine.restart.pending").isEmpty()) {
            node.restartDone();
        }
        if (!node.facts().hasEngine()) {
            throw new MachineException(
                    node.packages().name()
                            + " installed "
                            + String.join(", ", packages)
                            + ", but there is no dockerd on the node");
        }
    }
}
