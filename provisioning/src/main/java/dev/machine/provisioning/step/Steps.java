package dev.machine.provisioning.step;

import java.util.List;

/**
 * The one list of steps, in their order. Certificates and configuration are written before the
 * engine is installed, so that it starts only once and never without TLS.
 */
public final class Steps {
    private Steps() {}

    public static List<Step> all() {
        return all(new InstallCertificates(false));
    }

    /** The same, but the node's certificate is replaced even if it is valid. */
    public static List<Step> withNewCertificates() {
        return all(new InstallCertificates(true));
    }

    private static List<Step> all(InstallCertificates certificates) {
        return List.of(
                new AwaitCloudInit(),
                new ValidateFacts(),
                new AuthorizeKey(),
                new SetClock(),
                certificates,
                new ConfigureEngine(),
                new InstallEngine(),
                new RunEngine(),
                new VerifyEngine(),
                new JoinSwarm());
    }
}
