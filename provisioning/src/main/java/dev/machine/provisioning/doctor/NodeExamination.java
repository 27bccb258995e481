package dev.machine.provisioning.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.cert.CertificateFault;
import dev.machine.provisioning.doctor.Finding.Level;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.step.ConfigureEngine;
import dev.machine.provisioning.step.InstallCertificates;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.NodeProof;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.ValidateFacts;
import dev.machine.provisioning.step.VerifyEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Examines one node by the plans of the steps, and changes nothing: each planned change is a
 * finding. doctor.sh looks for problems that no step handles.
 */
public final class NodeExamination {
    private static final String ENGINE = "engine";

    /** Findings that already explain why the engine is not as it should be. */
    private static final Set<String> ENGINE_CHECKS =
            Set.of(ENGINE, "certificate", "key", ConfigureEngine.ID.word());

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final NodeContext node;
    private final String name;
    private final String provision;
    private final List<Finding> findings = new ArrayList<>();

    private NodeExamination(NodeContext node) {
        this.node = node;
        this.name = node.record().name();
        this.provision = "machine provision " + name;
    }

    /** Examines a node. The caller adds the notes of the steps to the findings. */
    public static List<Finding> of(NodeContext node) {
        return new NodeExamination(node).examine();
    }

    private List<Finding> examine() {
        Facts facts = node.facts();
        Optional<String> doubt = node.record().hasNode() ? NodeProof.doubt(node) : Optional.empty();
        if (doubt.isPresent()) {
            error("node", doubt.get(), "machine rm " + name);
            return findings;
        }
        look(new ValidateFacts());
        // A machine that was refused has nothing on the node that could be wrong.
        if (facts.noRoot().isPresent() || !node.record().hasNode()) {
            return findings;
        }
        certificate(facts);
        int before = findings.size();
        look(new ConfigureEngine());
        if (facts.hasEngine()) {
            service(facts, findings.size() > before);
        } else {
            error(ENGINE, "there is no Docker engine on the node", provision);
        }
        findings.addAll(DoctorScript.look(node));
        if (facts.engineRuns()) {
            engine();
        }
        return findings;
    }

    /** Adds what a step would do, or why it cannot. */
    private void look(Step step) {
        node.enter(step.id());
        String check = step.id().word();
        try {
            for (String line : step.plan(node).lines()) {
                error(
                        check,
                        "it is not as recorded; provision would " + line,
                        provision + " --dry-run, then without");
            }
        } catch (MachineException e) {
            if (step instanceof ValidateFacts && e.exitCode() == ExitCode.PRE_CREATE_CHECK) {
                e.sentence()
                        .lines()
                        .forEach(
                                line ->
                                        findings.add(
                                                Finding.split(name, "node", Level.ERROR, line)));
            } else {
                findings.add(Finding.of(name, check, e));
            }
        }
    }

    private void certificate(Facts facts) {
        String mode = facts.text("file.server-key.mode");
        if (!mode.isEmpty() && !mode.equals(InstallCertificates.KEY_MODE)) {
            error(
                    "key",
                    "the engine's key %s has mode and owner %s, not %s"
                            .formatted(EngineFiles.KEY, mode, InstallCertificates.KEY_MODE),
                    provision);
        } else {
            certificateItself(facts);
        }
    }

    private void certificateItself(Facts facts) {
        Optional<String> pem = facts.file("server.pem");
        Optional<String> ca = node.tools().authority().caCertificate();
        if (pem.isEmpty() || ca.isEmpty()) {
            error(
                    "certificate",
                    "the engine has no certificate: there is no " + EngineFiles.CERTIFICATE,
                    provision);
            return;
        }
        Optional<CertificateFault> fault =
                CertificateFault.of(pem.get(), ca.get(), node.tools().clock().instant());
        if (fault.isPresent()) {
            findings.add(
                    new Finding(
                            name,
                            "certificate",
                            fault.get().soon() ? Level.WARNING : Level.ERROR,
                            "the engine's certificate " + fault.get().words(),
                            "machine regenerate-certs " + name));
        } else if (!new InstallCertificates(false).plan(node).isNone()) {
            error(
                    "certificate",
                    "the engine's certificate lacks a name, or its key is of another one",
                    provision);
        }
    }

    private void service(Facts facts, boolean drifted) {
        if (!facts.engineRuns()) {
            error(ENGINE, "the engine does not run", provision);
        } else if (!drifted && facts.find("engine.restart.pending").isPresent()) {
            error(ENGINE, "the engine has not read its newest configuration", provision);
        }
        if (facts.localSocketIsLost()) {
            error(
                    ENGINE,
                    "the engine's socket %s is missing on the node, where every docker command fails"
                            .formatted(facts.sockets().getFirst().path()),
                    provision);
        }
        if (!facts.startsAtBoot()) {
            findings.add(
                    Finding.warning(name, ENGINE, "the engine does not start at boot", provision));
        }
    }

    private void engine() {
        String url = node.record().url().orElseThrow();
        boolean told = findings.stream().anyMatch(it -> ENGINE_CHECKS.contains(it.check()));
        try {
            JsonNode version = node.tools().engines().ask(url, "/version", DEADLINE);
            JsonNode info = node.tools().engines().ask(url, "/info", DEADLINE);
            clients(version);
            if (!told) {
                VerifyEngine.differences(node, version, info)
                        .forEach(it -> error(ENGINE, it, provision));
            }
            if (!info.path("LiveRestoreEnabled").asBoolean()
                    && node.facts().find("engine.swarm").isEmpty()) {
                error(
                        "live-restore",
                        "live-restore is off: a restart of the engine stops its containers",
                        "machine ssh %s sudo systemctl reload docker".formatted(name));
            }
        } catch (IOException e) {
            if (!told) {
                error(
                        ENGINE,
                        "the engine runs, but does not answer at %s: %s"
                                .formatted(url, e.getMessage()),
                        "is port %d open between here and the node?".formatted(node.enginePort()));
            }
        }
    }

    private void clients(JsonNode version) {
        if (isOld(version.path("ApiVersion").asText())) {
            findings.add(
                    new Finding(
                            name,
                            "docker-cli",
                            Level.NOTE,
                            "its API is older than 1.44, so docker CLI 29.0 to 29.2 reach it through the endpoint only",
                            "docker CLI 28, or 29.3 and newer"));
        }
    }

    /** Docker CLI 29.0 to 29.2 need an API of 1.44 or newer (moby's release notes for 29.3.0). */
    private static boolean isOld(String api) {
        try {
            return api.startsWith("1.") && Integer.parseInt(api.substring(2)) < 44;
        } catch (NumberFormatException e) {
            // The engine's answer may be no version.
            return false;
        }
    }

    private void error(String check, String sentence, String cure) {
        findings.add(Finding.error(name, check, sentence, cure));
    }
}
