package dev.machine.provisioning.lifecycle;

import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Issues the certificates of endpoints, which notice new files themselves. The caller holds no
 * lock.
 */
final class EndpointCertificates {
    private final Store store;
    private final Authority authority;

    EndpointCertificates(Store store, Authority authority) {
        this.store = store;
        this.authority = authority;
    }

    /** Issues certificates that are missing or not valid any more. */
    Lifecycle.Outcome ensure(String name) {
        return write(name, authority::endpointCertificates);
    }

    /** Issues all certificates again. */
    Lifecycle.Outcome renew(String name) {
        return write(name, authority::renewEndpointCertificates);
    }

    /** For an endpoint that is being made; the caller holds its lock. */
    void make(MachineRecord master) {
        authority.endpointCertificates(master.name(), store.machine(master.name()), names(master));
    }

    private Lifecycle.Outcome write(String name, Issuing issuing) {
        try (var lock = store.lock(name)) {
            MachineRecord master = store.load(name);
            authority.ensure();
            boolean written = issuing.write(name, store.machine(name), names(master));
            return new Lifecycle.Outcome(written ? 1 : 0, Optional.empty(), List.of());
        }
    }

    @FunctionalInterface
    private interface Issuing {
        boolean write(String name, Path folder, Set<String> names);
    }

    private static Set<String> names(MachineRecord master) {
        String address = URI.create(master.url().orElseThrow()).getHost();
        return new LinkedHashSet<>(
                List.of(
                        address.replaceAll("[\\[\\]]", ""),
                        master.name(),
                        "localhost",
                        "127.0.0.1",
                        "::1"));
    }
}
