package dev.machine.provisioning.ssh;

import java.security.Provider;
import java.security.Security;

/**
 * sshj asks for "ECDSA" keys, a name that only BouncyCastle knows; Java's own provider calls them
 * "EC". This alias saves registering BouncyCastle, which costs 600 ms a start.
 */
final class EcdsaAlias extends Provider {
    private static final long serialVersionUID = 1L;

    private EcdsaAlias() {
        super("MachineEcdsa", "1.0", "EC under sshj's name ECDSA");
        put("KeyFactory.ECDSA", "sun.security.ec.ECKeyFactory");
        put("KeyPairGenerator.ECDSA", "sun.security.ec.ECKeyPairGenerator");
    }

    /** Registers the alias; a second call changes nothing. */
    static void register() {
        Security.addProvider(new EcdsaAlias());
    }
}
