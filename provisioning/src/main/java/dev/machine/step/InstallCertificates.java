package dev.machine.step;

import dev.machine.cert.Authority;
import dev.machine.cert.CertificatePair;
import dev.machine.common.MachineException;
import dev.machine.engine.EngineFiles;
import dev.machine.facts.Facts;
import dev.machine.ssh.Result;
import dev.machine.ssh.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the node a server certificate of the store's CA; nothing that is still right is issued
 * again.
 */
final class InstallCertificates implements Step {
    private static final String KEY_MODE = "400 root";

    private final boolean anew;

    /**
     * @param anew whether a certificate that is still right is replaced, too
     */
    InstallCertificates(boolean anew) {
        this.anew = anew;
    }

    @Override
    public String title() {
        return "install certificates";
    }

    @Override
    public Change plan(NodeContext node) {
        Facts facts = node.facts();
        Authority authority = node.tools().authority();
        Optional<String> certificate = facts.file("server.pem");
        boolean right =
                !anew
                        && facts.find("pair.whole").isPresent()
                        && facts.text("file.server-key.mode").equals(KEY_MODE)
                        && facts.file("ca.pem").equals(authority.caCertificate())
                        && certificate.isPresent()
                        && authority.stillRight(certificate.get(), names(node));
        if (right) {
            return Change.none();
        }
        node.needRestart();
        return Change.of("install a server certificate for " + String.join(", ", names(node)));
    }

    @Override
    public void apply(NodeContext node, Change change) {
        Authority authority = node.tools().authority();
        CertificatePair pair = authority.serverCertificate(node.record().name(), names(node));
        String ca = authority.caCertificate().orElseThrow();
        Result result =
                node.shell()
                        .asRoot(
                                new Script()
                                        .run(
                                                "touch {}; rm -f {}",
                                                EngineFiles.RESTART_PENDING,
                                                EngineFiles.PAIR)
                                        .write(EngineFiles.CA, bytes(ca), "0444")
                                        .write(EngineFiles.KEY, bytes(pair.key()), "0400")
                                        .write(
                                                EngineFiles.CERTIFICATE,
                                                bytes(pair.certificate()),
                                                "0444")
                                        .run(
                                                "mkdir -p /etc/docker/machine; sha256sum {} {} >{}.new; mv {}.new {}",
                                                EngineFiles.CERTIFICATE,
                                                EngineFiles.KEY,
                                                EngineFiles.PAIR,
                                                EngineFiles.PAIR,
                                                EngineFiles.PAIR),
                                Duration.ofSeconds(60));
        if (result.status() != 0) {
            throw new MachineException(
                    "the certificates could not be written: " + result.lastWords());
        }
    }

    /** Address, name, the user's own, and the two names of loopback. */
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
