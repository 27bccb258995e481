package dev.machine.cli.command;

import dev.machine.driver.Driver;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CaRotation;
import dev.machine.provisioning.doctor.StoreExamination;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.lifecycle.CaReplacement;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.store.Defaults;
import dev.machine.provisioning.store.Store;
import java.util.List;

/** What commands work with. Each is made when it is first asked for. */
public interface Services {
    Store store();

    Lifecycle lifecycle();

    /** All drivers, in the order of {@code create --help}. */
    List<Driver> drivers();

    /** The SSH keys, agent and configuration that the user has on this computer. */
    UserSsh userSsh();

    /** Asks engines over TLS with the store's certificates, without a jump host. */
    EngineProbe engines();

    /** The store's CA. */
    Authority authority();

    /** How far the replacement of the CA is. */
    CaRotation caRotation();

    /** Brings a new CA to all machines. */
    CaReplacement caReplacement();

    /** Looks for what is wrong in the store. */
    StoreExamination storeExamination();

    /** The user's {@code config.yaml}. */
    Defaults defaults();
}
