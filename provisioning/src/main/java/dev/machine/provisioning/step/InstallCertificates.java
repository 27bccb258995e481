package dev.machine.provisioning.step;

import dev.machine.common.MachineException;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CertificatePair;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.ManagedFile;
import dev.machine.provisioning.node.NodeSnapshot;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the node a server certificate of the store's CA. A valid certificate is not issued again.
 */
public final class InstallCertificates implements Step {
    private static final StepId ID = new StepId("install certificates");

    /** Mode and owner of the engine's key, as in the facts. */
    public static final String KEY_MODE = "400 root";

    private final boolean anew;

    /**
     * @param anew whether a valid certificate is replaced, too
     */
    public InstallCertificates(boolean anew) {
        this.anew = anew;
    }

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        boolean pairRight = pairRight(node);
        if (pairRight && caRight(node)) {
            return Change.none();
        }
        node.needRestart();
        return Change.of(
                pairRight
                        ? "install the CA's certificate"
                        : "install a server certificate for " + String.join(", ", names(node)));
    }

    private static boolean caRight(NodeContext node) {
        return node.facts().file("ca.pem").equals(node.tools().authority().caCertificate());
    }

    private boolean pairRight(NodeContext node) {
        Facts facts = node.facts();
        Optional<String> certificate = facts.file("server.pem");
        return !anew
                && facts.find("pair.whole").isPresent()
                && facts.text("file.server-key.mode").equals(KEY_MODE)
                && certificate.isPresent()
                && node.tools().authority().stillRight(certificate.get(), names(node));
    }

    @Override
    public void apply(NodeContext node, Change change) {
        Authority authority = node.tools().authority();
        Script script =
                NodeSnapshot.remember(new Script(), node.factsBefore())
                        .run("touch {}", EngineFiles.RESTART_PENDING);
        if (!pairRight(node)) {
            addPair(script, authority.serverCertificate(node.record().name(), names(node)));
        }
        ManagedFile.CA.write(script, bytes(authority.caCertificate().orElseThrow()));
        ScriptResult result = node.shell().asRoot(script);
        if (result.status() != 0) {
            throw new MachineException(
                    "the certificates could not be written: " + result.lastWords());
        }
    }

    static void addPair(Script script, CertificatePair pair) {
        script.run("rm -f {}", EngineFiles.PAIR);
        ManagedFile.KEY.write(script, bytes(pair.key()));
        ManagedFile.CERTIFICATE.write(script, bytes(pair.certificate()));
        script.run(
                "mkdir -p /etc/docker/machine; sha256sum {} {} >{}.new; mv {}.new {}",
                EngineFiles.CERTIFICATE,
                EngineFiles.KEY,
                EngineFiles.PAIR,
                EngineFiles.PAIR,
                EngineFiles.PAIR);
    }

    /** Address, name, the user's additional names, and two names of loopback. */
    private static List<String> names(NodeContext node) {
        Set<String> names = new LinkedHashSet<>();
        names.add(node.target().address());
        names.add(node.listen());
        names.add(node.record().name());
        names.add("localhost");
        names.add("127.0.0.1");
        names.addAll(node.record().engine().tlsSans());
        names.remove("0.0.0.0");
        names.remove("::");
        return List.copyOf(names);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
