package dev.machine.provisioning.step;

import dev.machine.common.AtomicFiles;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.SshAccess;
import dev.machine.template.Templates;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Writes the node's member file, from which every endpoint of its swarm learns of it. */
final class JoinSwarm implements Step {
    private static final StepId ID = new StepId("join swarm");

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public boolean appliesTo(NodeContext node) {
        return node.record().swarm().member();
    }

    @Override
    public Change plan(NodeContext node) {
        Path file = file(node);
        return current(file).equals(Optional.of(content(node)))
                ? Change.none()
                : Change.of("join the swarm " + node.record().swarm().cluster());
    }

    @Override
    public void apply(NodeContext node, Change change) {
        Path file = file(node);
        AtomicFiles.privateDirectory(node.tools().store().members(node.record().swarm().cluster()));
        AtomicFiles.write(file, content(node), AtomicFiles.PRIVATE);
    }

    private static Path file(NodeContext node) {
        MachineRecord record = node.record();
        return node.tools().store().memberFile(record.swarm().cluster(), record.name());
    }

    private static String content(NodeContext node) {
        MachineRecord record = node.record();
        URI url = URI.create(record.url().orElseThrow());
        String member =
                Templates.render(
                        "member.yaml",
                        Map.of(
                                "name", record.name(),
                                "address", url.getRawAuthority(),
                                "platform", node.facts().platform().toString()));
        return record.ssh()
                .flatMap(SshAccess::jump)
                .map(jump -> member + Templates.render("member-via.yaml", Map.of("via", jump)))
                .orElse(member);
    }

    private static Optional<String> current(Path file) {
        return Files.exists(file) ? Optional.of(AtomicFiles.text(file)) : Optional.empty();
    }
}
