package dev.machine.driver;

import java.util.Optional;

/**
 * What drivers for boxes share that were there before us and stay after us: all that is known of
 * them is how to log in.
 */
public abstract class SshOnlyDriver implements Driver {
    private final SshOptions ssh;

    protected SshOnlyDriver(SshOptions ssh) {
        this.ssh = ssh;
    }

    @Override
    public final Status status(DriverState state) {
        return Status.UNKNOWN;
    }

    @Override
    public final Optional<SshRequest> ssh(DriverState state) {
        return Optional.of(SshOptions.request(state));
    }

    @Override
    public final String url(DriverState state) {
        return ssh.url(state);
    }

    @Override
    public final Power power() {
        return new Power.OverSsh();
    }

    /** Removes nothing. */
    @Override
    public final void remove(DriverState state) {}
}
