package dev.machine.provisioning.doctor;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.driver.MachineName;
import dev.machine.provisioning.cert.CertificateFault;
import dev.machine.provisioning.doctor.Finding.Level;
import dev.machine.provisioning.store.CertificateFiles;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.MachineRecord.Phase;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks the store alone: records, member files, certificates, permissions. */
public final class StoreExamination {
    private final Store store;
    private final Instant now;

    public StoreExamination(Store store, Instant now) {
        this.store = store;
        this.now = now;
    }

    /** The problems of the store itself and of its records. */
    public List<Finding> whole() {
        List<Finding> findings = new ArrayList<>();
        if (!Files.isDirectory(store.base())) {
            return findings;
        }
        for (Store.Entry entry : store.entries()) {
            if (entry instanceof Store.Broken(String name, MachineException error)) {
                findings.add(Finding.of(name, "record", error));
            }
        }
        for (String name : store.foreign()) {
            findings.add(
                    new Finding(
                            "",
                            "foreign",
                            Level.NOTE,
                            store.machine(name) + " was not written by machine and is left alone",
                            "give machine a folder of its own: MACHINE_STORAGE_PATH"));
        }
        if (!store.dockerMachines().isEmpty()) {
            // The other files belong to docker-machine.
            return findings;
        }
        certificates(findings);
        findings.addAll(new StorePermissions(store).findings());
        strangers(findings);
        return findings;
    }

    /** The problems of one machine that the store shows. */
    public List<Finding> of(MachineRecord machine) {
        List<Finding> findings = new ArrayList<>();
        unfinished(machine, findings);
        Path member = store.memberFile(machine.swarm().cluster(), machine.name());
        if (machine.phase() == Phase.READY
                && machine.ssh().isPresent()
                && machine.swarm().member()
                && !Files.exists(member)) {
            findings.add(
                    Finding.error(
                            machine.name(),
                            "member",
                            "no endpoint knows it: its member file " + member + " is missing",
                            "machine provision " + machine.name()));
        }
        if (machine.swarm().master()) {
            for (String file :
                    List.of(CertificateFiles.ENDPOINT_SERVER, CertificateFiles.ENDPOINT_CLIENT)) {
                certificate(
                        machine.name(),
                        "the endpoint's " + file,
                        store.machine(machine.name()).resolve(file),
                        "machine regenerate-certs " + machine.name(),
                        findings);
            }
        }
        return findings;
    }

    private static void unfinished(MachineRecord machine, List<Finding> findings) {
        String name = machine.name();
        switch (machine.phase()) {
            case READY -> {}
            case CREATING ->
                    findings.add(
                            Finding.error(
                                    name,
                                    "unfinished",
                                    "its create did not finish",
                                    "type its machine create again, or machine rm " + name));
            case FAILED ->
                    findings.add(
                            Finding.error(
                                    name,
                                    "unfinished",
                                    "it failed at \"" + machine.failedStep().orElse("?") + "\"",
                                    machine.hasNode()
                                            ? "machine provision " + name
                                            : "machine provision %s, or machine rm %s, which touches no node"
                                                    .formatted(name, name)));
            case REMOVING ->
                    findings.add(
                            Finding.error(
                                    name,
                                    "unfinished",
                                    "its removal did not finish",
                                    "machine rm " + name));
        }
    }

    private void certificates(List<Finding> findings) {
        Path certs = store.certs();
        if (!Files.isDirectory(certs)) {
            return;
        }
        certificate(
                "",
                "the CA's certificate",
                certs.resolve(CertificateFiles.CA),
                "machine certs rotate-ca",
                findings);
        certificate(
                "",
                "your own certificate",
                certs.resolve(CertificateFiles.USER),
                "machine regenerate-certs --client-certs",
                findings);
        for (String key : List.of(CertificateFiles.CA_KEY, CertificateFiles.USER_KEY)) {
            if (!Files.exists(certs.resolve(key))) {
                findings.add(
                        Finding.error(
                                "",
                                "key",
                                "the key " + certs.resolve(key) + " is missing",
                                "restore it from a backup"));
            }
        }
    }

    private void certificate(
            String machine, String what, Path file, String cure, List<Finding> findings) {
        Path ca = store.certs().resolve(CertificateFiles.CA);
        try {
            CertificateFault.of(text(file), text(ca), now)
                    .map(
                            fault ->
                                    new Finding(
                                            machine,
                                            "certificate",
                                            fault.soon() ? Level.WARNING : Level.ERROR,
                                            what + " " + fault.words() + " (" + file + ")",
                                            cure))
                    .ifPresent(findings::add);
        } catch (IOException e) {
            findings.add(
                    Finding.error(
                            machine,
                            "certificate",
                            "%s cannot be read: %s: %s"
                                    .formatted(what, file, AtomicFiles.reason(e)),
                            cure));
        }
    }

    private static String text(Path file) throws IOException {
        return new String(AtomicFiles.read(file), StandardCharsets.UTF_8);
    }

    /** Finds member files without a machine: an endpoint would wait for such a node for ever. */
    private void strangers(List<Finding> findings) {
        Path swarms = store.base().resolve("swarm");
        if (!Files.isDirectory(swarms)) {
            return;
        }
        try (Stream<Path> files = Files.walk(swarms, 2)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".yaml")).toList()) {
                String name = file.getFileName().toString().replaceFirst("\\.yaml$", "");
                boolean wanted = MachineName.isValid(name) && isMember(name, file);
                if (!wanted) {
                    findings.add(
                            Finding.error(
                                    "",
                                    "member",
                                    "the member file " + file + " belongs to no machine",
                                    "rm " + file));
                }
            }
        } catch (IOException e) {
            throw new MachineException(
                    "cannot look at " + swarms + ": " + AtomicFiles.reason(e), e);
        }
    }

    private boolean isMember(String name, Path file) {
        try {
            return store.find(name)
                    .filter(it -> file.equals(store.memberFile(it.swarm().cluster(), name)))
                    .isPresent();
        } catch (MachineException e) {
            // The broken record is a finding already.
            return true;
        }
    }
}
