package dev.machine.step;

import java.util.List;

/** The one list of steps, top to bottom as a node goes through them. */
public final class Steps {
    private Steps() {}

    public static List<Step> all() {
        return List.of(
                new AuthorizeKey(),
                new ValidateFacts(),
                new InstallEngine(),
                new InstallCertificates(),
                new ConfigureEngine(),
                new RunEngine(),
                new VerifyEngine(),
                new JoinSwarm());
    }
}
