package dev.machine.provisioning.ssh;

import java.security.Provider;
import java.security.Security;

/**
 * Maps "ECDSA", the name that sshj asks for, to "EC", the name in Java's own provider. It replaces
 * the registration of BouncyCastle, which costs 600 ms at each start.
 */
final class EcdsaAlias extends Provider {
    private static final long serialVersionUID = 1L;

    private EcdsaAlias() {
        super("MachineEcdsa", "1.0", "EC under sshj's name ECDSA");
        put("KeyFactory.ECDSA", "sun.security.ec.ECKeyFactory");
        put("KeyPairGenerator.ECDSA", "sun.security.ec.ECKeyPairGenerator");
    }

    /** Registers the alias; a second call has no effect. */
    static void register() {
        Security.addProvider(new EcdsaAlias());
    }
}
