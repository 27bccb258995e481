package dev.machine.driver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A checkpoint that keeps what it is given, and keys of nobody. */
public final class MemoryCheckpoint implements Checkpoint {
    /** The private half of {@link #keys}'s host key: a secret of the machine. */
    public static final String HOST_SECRET = "-----BEGIN OPENSSH PRIVATE KEY-----\nhost\n";

    public static final String HOST_KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHostHostHostHostHostHostHostHostHostHostHost";
    public static final String LOGIN_KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILoginLoginLoginLoginLoginLoginLoginLogin12 me";

    private final List<DriverState> states = new ArrayList<>();

    @Override
    public void save(DriverState state) {
        states.add(state);
    }

    @Override
    public DriverState saved() {
        return states.isEmpty() ? new DriverState(Map.of()) : states.getLast();
    }

    /** All that was saved, in order. */
    public List<DriverState> states() {
        return states;
    }

    @Override
    public MachineKeys keys() {
        return new MachineKeys() {
            @Override
            public Login login() {
                return new Login(Path.of("/nonexistent/id_ed25519"), LOGIN_KEY);
            }

            @Override
            public Host host() {
                return new Host(HOST_SECRET, HOST_KEY);
            }
        };
    }
}
