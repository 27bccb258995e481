package dev.machine.driver;

import java.nio.file.Path;

/**
 * The key pairs of one machine that is being made. Each is made when it is first needed and stays
 * the same when a creation is started again, so that a machine made by an interrupted attempt can
 * still be recognized and logged in to.
 */
public interface MachineKeys {
    /** The pair for logging in. */
    Login login();

    /** The pair that becomes the machine's host key. */
    Host host();

    /**
     * The pair for logging in.
     *
     * @param privateKey its file
     * @param authorizedKey one line for {@code authorized_keys}
     */
    record Login(Path privateKey, String authorizedKey) {}

    /**
     * The pair that becomes the machine's host key. The private half is a secret of that machine.
     *
     * @param privateKey PEM in OpenSSH's own format
     * @param publicKey type and key in base64, as {@code ssh-ed25519 AAAA…}
     */
    record Host(String privateKey, String publicKey) {
        @Override
        public String toString() {
            return "Host[" + publicKey + "]";
        }
    }
}
