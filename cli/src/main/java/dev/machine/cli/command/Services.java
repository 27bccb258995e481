package dev.machine.cli.command;

import dev.machine.driver.Driver;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.store.Defaults;
import dev.machine.provisioning.store.Store;
import java.util.List;

/** What commands work with; each is made when it is first asked for. */
public interface Services {
    Store store();

    Lifecycle lifecycle();

    /** All drivers, in the order of {@code create --help}. */
    List<Driver> drivers();

    /** What the user has and says of SSH on this computer. */
    UserSsh userSsh();

    /** The user's {@code config.yaml}. */
    Defaults defaults();
}
