package dev.machine.provisioning.doctor;

import static dev.machine.provisioning.doctor.Finding.error;

import dev.machine.common.ResourceText;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.step.NodeContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@code doctor.sh} finds on a node. */
final class DoctorScript {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private DoctorScript() {}

    static List<Finding> look(NodeContext node) {
        List<String> mirrors = node.record().engine().registryMirrors();
        List<String> arguments =
                new ArrayList<>(List.of(ResourceText.read(DoctorScript.class, "doctor.sh")));
        arguments.addAll(mirrors);
        ScriptResult answer =
                node.shell()
                        .asRoot(
                                new Script()
                                        .run(
                                                "sh -c {} doctor" + " {}".repeat(mirrors.size()),
                                                arguments.toArray(String[]::new)),
                                DEADLINE);
        String name = node.record().name();
        List<Finding> findings = new ArrayList<>();
        for (String line : answer.out().split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                add(name, line.substring(0, equals), line.substring(equals + 1), findings);
            }
        }
        if (!answer.out().contains("end=yes")) {
            findings.add(
                    error(
                            name,
                            "node",
                            "the node could not be examined completely: " + answer.lastWords(),
                            "machine ssh " + name));
        }
        return findings;
    }

    private static void add(String name, String key, String value, List<Finding> findings) {
        String there = "machine ssh " + name + " ";
        switch (key) {
            case "plain" ->
                    findings.add(
                            error(
                                    name,
                                    "port",
                                    "port 2375 on the node is open: anyone who can reach it is root there",
                                    there + "sudo ss -ltnp sport = :2375"));
            case "full" ->
                    findings.add(
                            error(
                                    name,
                                    "disk",
                                    "the disk is full to " + value,
                                    there + "docker system prune"));
            case "open" ->
                    findings.add(
                            error(
                                    name,
                                    "permissions",
                                    "users other than root can change " + value,
                                    there + "sudo chmod go-w " + value.split(" ", 2)[0]));
            case "mirror" -> findings.add(mirror(name, value));
            default -> {}
        }
    }

    private static Finding mirror(String name, String mirror) {
        return error(
                name,
                "mirror",
                "the registry mirror " + mirror + " does not answer the node",
                "start it, or machine provision " + name + " --engine-registry-mirror URL");
    }
}
