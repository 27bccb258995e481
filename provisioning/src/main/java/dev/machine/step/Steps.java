package dev.machine.step;

import java.util.List;

/**
 * The one list of steps, top to bottom as a node goes through them. An engine that is still to be
 * installed finds its certificates and configuration there, so that it starts once and never
 * without TLS.
 */
public final class Steps {
    private Steps() {}

    public static List<Step> all() {
        return List.of(
                new AuthorizeKey(),
                new AwaitCloudInit(),
                new ValidateFacts(),
                new InstallCertificates(),
                new ConfigureEngine(),
                new InstallEngine(),
                new RunEngine(),
                new VerifyEngine(),
                new JoinSwarm());
    }
}
