package dev.machine.ssh;

import dev.machine.ssh.SshAgent.Identity;
import java.nio.file.Path;

/** A key that may be shown to a node. */
public sealed interface Offer {
    /** What a person knows it by. */
    String name();

    /** A private key in a file, encrypted or not. */
    record File(Path path) implements Offer {
        @Override
        public String name() {
            return "key " + path;
        }
    }

    /** A key that only an agent has. */
    final class InAgent implements Offer {
        private final SshAgent agent;
        private final Identity identity;

        InAgent(SshAgent agent, Identity identity) {
            this.agent = agent;
            this.identity = identity;
        }

        KeyBlob key() {
            return identity.key();
        }

        byte[] sign(byte[] data) throws java.io.IOException {
            return agent.sign(identity.key(), data);
        }

        @Override
        public String name() {
            return "the agent's key "
                    + (identity.comment().isBlank() ? "without a name" : identity.comment());
        }
    }
}
