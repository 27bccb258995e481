package dev.machine.provisioning.ssh;

import dev.machine.provisioning.ssh.SshAgent.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A key that may be offered to a node. */
public sealed interface KeyCandidate {
    /** The name that the user knows. */
    String name();

    /**
     * A private key in a file, encrypted or not.
     *
     * @param certificates files with certificates that may belong to this key; the one beside it
     *     ({@code id-cert.pub}) need not be named
     */
    record File(Path path, List<Path> certificates) implements KeyCandidate {
        public File {
            certificates = List.copyOf(certificates);
        }

        File(Path path) {
            this(path, List.of());
        }

        @Override
        public String name() {
            return "key " + path;
        }

        /**
         * What to offer for the key: its certificates first, because a server may insist on one,
         * then the key.
         */
        List<KeyBlob> shown(KeyBlob key) {
            return Stream.concat(
                            Stream.concat(
                                            Stream.of(KeyFile.certificate(path)),
                                            certificates.stream())
                                    .flatMap(file -> KeyBlob.inFile(file).stream())
                                    .filter(blob -> blob.isCertificate() && isAbout(blob, key)),
                            Stream.of(key))
                    .distinct()
                    .toList();
        }

        static boolean isAbout(KeyBlob certificate, KeyBlob key) {
            return certificate.plain().filter(key::equals).isPresent();
        }
    }

    /** A key that is only in an agent, or its certificate. */
    final class InAgent implements KeyCandidate {
        private final SshAgent agent;
        private final Identity identity;
        private final KeyBlob shown;

        InAgent(SshAgent agent, Identity identity) {
            this(agent, identity, identity.key());
        }

        private InAgent(SshAgent agent, Identity identity, KeyBlob shown) {
            this.agent = agent;
            this.identity = identity;
            this.shown = shown;
        }

        /** The same key, offered with a certificate that the agent does not have. */
        InAgent with(KeyBlob certificate) {
            return new InAgent(agent, identity, certificate);
        }

        /** What is offered to the node. */
        KeyBlob shown() {
            return shown;
        }

        /** Whether the agent has this key, or a certificate for it. */
        boolean has(KeyBlob key) {
            return File.isAbout(identity.key(), key);
        }

        byte[] sign(String algorithm, byte[] data) throws IOException {
            return agent.sign(identity.key(), algorithm, data);
        }

        @Override
        public String name() {
            return "the agent's key "
                    + (identity.comment().isBlank() ? "without a name" : identity.comment());
        }
    }
}
