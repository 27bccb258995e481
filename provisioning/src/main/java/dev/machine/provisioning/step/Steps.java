package dev.machine.provisioning.step;

import java.util.List;

/**
 * The one list of steps, top to bottom as a node goes through them. An engine that is still to be
 * installed finds its certificates and configuration there, so that it starts once and never
 * without TLS.
 */
public final class Steps {
    private Steps() {}

    public static List<Step> all() {
        return all(new InstallCertificates(false));
    }

    /** The same, but the node's certificate is replaced even if it is still right. */
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
