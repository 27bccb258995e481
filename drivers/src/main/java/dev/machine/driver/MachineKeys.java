package dev.machine.driver;

import java.nio.file.Path;

/**
 * The key pairs of one machine that is being made. Each is made when it is first asked for, and is
 * the same however often a creation is begun again, so that a machine which was made by an attempt
 * that then died is still one that we know and that knows us.
 */
public interface MachineKeys {
    /** The pair that lets us in. */
    Login login();

    /** The pair by which the machine will show who it is. */
    Host host();

    /**
     * The pair that lets us in.
     *
     * @param privateKey where it is
     * @param authorizedKey one line for {@code authorized_keys}
     */
    record Login(Path privateKey, String authorizedKey) {}

    /**
     * The pair by which a machine shows who it is. The private half is a secret of that machine.
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
